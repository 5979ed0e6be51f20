import { randomBytes } from 'node:crypto';
import type { IssuedToken, Role, TokenCreate } from '../contract/access.ts';
import { invalid } from '../problem.ts';
import { ApiToken } from '../store/entities/api-token.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Tx } from '../store/write.ts';
import { type Actor, operatorIdOf } from './actor.ts';
import { audit } from './audit-log.ts';
import { sha256 } from './authenticate.ts';
import type { Desk } from './desk.ts';
import { authorizeAny } from './policy.ts';
import { tokenView } from './views.ts';

/**
 * Makes a token; its secret stands in this answer alone. It acts as the named operator, else as the caller; `role` is
 * the role of a token that acts for nobody, by default the caller's.
 * Throws Problem('forbidden'), or Problem('invalid') for an unknown operator or an end that has passed.
 */
export async function issueToken(
  desk: Desk,
  actor: Actor,
  input: TokenCreate,
  role: Role = actor.kind === 'caller' ? actor.role : 'admin',
): Promise<IssuedToken> {
  authorizeAny(actor, 'configure');
  const at = desk.clock.now();
  const expiresAt = input.expires_at === undefined ? null : new Date(input.expires_at);
  if (expiresAt !== null && expiresAt <= at) throw invalid('expires_at', 'must be in the future');
  const secret = `lg_${randomBytes(32).toString('base64url')}`;
  return desk.store.write(async (tx) => {
    const operator = await operatorFor(tx, actor, input);
    const token = tx.em.create(ApiToken, {
      name: input.name,
      hash: sha256(secret).toString('hex'),
      role: operator?.role ?? role,
      scope: input.scope,
      operator,
      expiresAt,
      rateLimit: input.rate_limit ?? null,
      createdAt: at,
    });
    await tx.em.flush();
    const view = tokenView(token);
    const { id, created_at: _, last_used_at: __, ...after } = view;
    await audit(tx, actor, { at, action: 'token.created', subject: `token:${id}`, after });
    return { ...view, token: secret };
  });
}

async function operatorFor(tx: Tx, actor: Actor, input: TokenCreate): Promise<Operator | null> {
  const id = input.operator_id ?? operatorIdOf(actor);
  if (id === null) return null;
  const operator = await tx.em.findOne(Operator, { id });
  if (operator === null) throw invalid('operator_id', `there is no operator ${id}`);
  return operator;
}
