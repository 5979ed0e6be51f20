import { ConfigurationPart, type PartKind } from '../store/entities/configuration-part.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { authorizeAny } from './policy.ts';

/** What a version of the configuration has changed; `actor` as in the trail of a contact. */
export type ConfigVersion = { version: number; at: Date; actor: string; changes: ConfigVersionChange[] };

/** `name` is what the operator or the source was called then; null where it was deleted. */
export type ConfigVersionChange = { kind: PartKind; id: number; name: string | null };

/**
 * The versions that have changed an operator, a source or weights, oldest first. Other numbers are those of runtime
 * states, like somebody who comes online. Throws Problem('forbidden').
 */
export async function configHistory(desk: Desk, actor: Actor): Promise<ConfigVersion[]> {
  authorizeAny(actor, 'configure');
  const parts = await desk.store
    .em()
    .find(ConfigurationPart, {}, { orderBy: { version: 'asc', kind: 'asc', refId: 'asc' } });
  // A source stands before its weights.
  const codes = new Map<number, string>();
  return [...Map.groupBy(parts, (part) => part.version)].map(([version, own]) => ({
    version,
    at: own[0]!.at,
    actor: own[0]!.actor,
    changes: own.map(({ kind, refId, value }) => {
      if (kind === 'source' && value !== null) codes.set(refId, (value as { code: string }).code);
      return { kind, id: refId, name: nameOf(kind, value, codes.get(refId)) };
    }),
  }));
}

function nameOf(kind: PartKind, value: unknown, code: string | undefined): string | null {
  if (value === null) return null;
  if (kind === 'operator') return (value as { name: string }).name;
  return code ?? null;
}
