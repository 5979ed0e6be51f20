import { z } from 'zod';
import { IssuedToken } from '../contract/access.ts';
import { Operator } from '../contract/operator.ts';
import { CreatedSource, Source } from '../contract/source.ts';
import { type Member, type SourceCode, sources, team } from './cast.ts';
import type { Client } from './client.ts';
import type { Kept, Seated } from './kept.ts';

const Anything = z.unknown();

/** Makes sources, operators, weights and tokens through the public API, as an admin would. */
export async function furnish(
  admin: Client,
  callbackUrl: string,
): Promise<Pick<Kept, 'hookSecret' | 'team'>> {
  const { ids, hookSecret } = await makeSources(admin, callbackUrl);
  const seated: Seated[] = [];
  // One after the other: whoever comes first in the list has the first id.
  for (const member of team) seated.push(await seat(admin, member));
  for (const [code, id] of ids) {
    const operator_weights = team.map(({ weights }, index) => ({
      operator_id: seated[index]?.id,
      weight: weights[code],
    }));
    await admin(Anything, 'PUT', `/sources/${id}/operators`, { operator_weights });
  }
  return { hookSecret, team: seated };
}

/** Tells the website's source where its server listens now. */
export async function moveCallback(admin: Client, callbackUrl: string): Promise<void> {
  await admin(Source, 'PATCH', '/sources/website', { webhook: { callback_url: callbackUrl } });
}

async function makeSources(admin: Client, callbackUrl: string) {
  const ids = new Map<SourceCode, number>();
  let hookSecret = '';
  for (const code of Object.keys(sources) as SourceCode[]) {
    const webhook = code === 'website' ? { webhook: { callback_url: callbackUrl } } : {};
    const made = await admin(CreatedSource, 'POST', '/sources', { code, ...sources[code], ...webhook });
    ids.set(code, made.id);
    hookSecret = made.webhook?.secret ?? hookSecret;
  }
  return { ids, hookSecret };
}

async function seat(admin: Client, { name, role, maxLoad, isPlayed }: Member): Promise<Seated> {
  const { id } = await admin(Operator, 'POST', '/operators', { name, role, max_load: maxLoad });
  const { token } = await admin(IssuedToken, 'POST', '/tokens', {
    name: `Demo: ${name}`,
    operator_id: id,
  });
  return { id, name, role, token, isPlayed };
}
