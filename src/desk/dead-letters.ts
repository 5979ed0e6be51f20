import type { DeadLetterId, SourceId } from '../contract/ids.ts';
import { DeadLetter } from '../store/entities/dead-letter.ts';
import type { Desk } from './desk.ts';

/** Keeps what could not be handled, raw; the same one again is kept once. */
export function keepDeadLetter(
  desk: Desk,
  letter: { sourceId: SourceId; externalId: string | null; reason: string; raw: unknown },
): Promise<DeadLetterId> {
  const { sourceId, externalId, reason, raw } = letter;
  return desk.store.write(async (tx) => {
    const kept = externalId === null ? null : await tx.em.findOne(DeadLetter, { sourceId, externalId });
    if (kept !== null) return kept.id;
    const made = tx.em.create(DeadLetter, { sourceId, externalId, reason, raw, createdAt: desk.clock.now() });
    await tx.em.flush();
    return made.id;
  });
}
