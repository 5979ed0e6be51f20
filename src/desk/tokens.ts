import type { Token } from '../contract/access.ts';
import type { TokenId } from '../contract/ids.ts';
import type { Page, PageQuery } from '../contract/page.ts';
import { Problem } from '../problem.ts';
import { ApiToken } from '../store/entities/api-token.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import type { Desk } from './desk.ts';
import { pageById, readIdCursor } from './page.ts';
import { authorizeAny } from './policy.ts';
import { endCredentials } from './credential-cache.ts';
import { tokenView } from './views.ts';

/** All tokens by id, without their secrets. Throws Problem('forbidden') or Problem('invalid'). */
export async function listTokens(desk: Desk, actor: Actor, query: PageQuery): Promise<Page<Token>> {
  authorizeAny(actor, 'configure');
  const end = readIdCursor<TokenId>(query.cursor);
  const rows = await desk.store.em().find(ApiToken, end === null ? {} : { id: { $gt: end } }, {
    populate: ['operator'],
    orderBy: { id: 'asc' },
    limit: query.limit + 1,
  });
  return pageById(rows, query.limit, tokenView);
}

/** Ends a token at once. Throws Problem('forbidden') or Problem('not-found'). */
export async function revokeToken(desk: Desk, actor: Actor, id: TokenId): Promise<void> {
  authorizeAny(actor, 'configure');
  await desk.store.write(async (tx) => {
    const token = await tx.em.findOne(ApiToken, { id }, { populate: ['operator'] });
    if (token === null) throw new Problem('not-found', { detail: `There is no token ${id}.` });
    const { name, operator_id } = tokenView(token);
    const change = { action: 'token.revoked', subject: `token:${id}`, before: { name, operator_id } };
    await audit(tx, actor, { at: desk.clock.now(), ...change });
    await tx.em.nativeDelete(ApiToken, { id });
    await endCredentials(desk, tx);
  });
}
