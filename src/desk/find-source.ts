import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SourceId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { Source } from '../store/entities/source.ts';

/** The source that an id or a code names, as the database has it now. Throws Problem('not-found'). */
export async function findSource(em: SqlEntityManager, ref: string): Promise<Source> {
  // A code has at least one letter, so it is never taken for an id.
  const by = /^\d+$/.test(ref) ? { id: sourceId(ref) } : { code: ref };
  const source = await em.findOne(Source, by, { refresh: true });
  if (source === null) throw unknown(ref);
  return source;
}

/** Throws Problem('code-taken') when another source has this code. */
export async function checkCode(em: SqlEntityManager, code: string, own: SourceId | null): Promise<void> {
  const other = await em.findOne(Source, { code }, { fields: ['id'], disableIdentityMap: true });
  if (other !== null && other.id !== own) throw new Problem('code-taken');
}

/** Throws Problem('token-in-use') when another source has the bot token with this fingerprint. */
export async function checkBotToken(
  em: SqlEntityManager,
  fingerprint: string,
  own: SourceId | null,
): Promise<void> {
  const by = { tokenFingerprint: fingerprint };
  const other = await em.findOne(Source, by, { fields: ['id'], disableIdentityMap: true });
  if (other !== null && other.id !== own) throw new Problem('token-in-use');
}

function sourceId(ref: string): SourceId {
  const id = Number(ref);
  if (!Number.isSafeInteger(id)) throw unknown(ref);
  return id as SourceId;
}

function unknown(ref: string): Problem {
  return new Problem('not-found', { detail: `There is no source ${ref}.` });
}
