import type { DeadLetterId, SourceId } from '../contract/ids.ts';
import { DeadLetter } from '../store/entities/dead-letter.ts';
import type { Desk } from './desk.ts';

export type Letter = { sourceId: SourceId; externalId: string | null; reason: string; raw: unknown };

/**
 * Keeps what could not be handled, raw, with the reason. The same message of a source is kept once. Resolves after
 * COMMIT: only then is it acknowledged.
 */
export function keepDeadLetter(desk: Desk, letter: Letter): Promise<DeadLetterId> {
  return desk.store.write(async (tx) => {
    const { sourceId, externalId } = letter;
    const kept = externalId === null ? null : await tx.em.findOne(DeadLetter, { sourceId, externalId });
    if (kept !== null) return kept.id;
    // The column takes JSON's null for no value at all.
    const raw = letter.raw ?? 'null';
    const row = tx.em.create(DeadLetter, { ...letter, raw, createdAt: desk.clock.now() });
    await tx.em.flush();
    return row.id;
  });
}
