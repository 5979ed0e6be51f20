import type { ContactId, DecisionId, OperatorId } from '../contract/ids.ts';
import { replay } from '../routing/replay.ts';
import { Decision } from '../store/entities/decision.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import type { Desk } from './desk.ts';
import { authorizeAny } from './policy.ts';
import { decisionView } from './views.ts';

const CHUNK = 500;

/** A decision whose record does not lead to what came out. */
export type Deviation = {
  id: DecisionId;
  contactId: ContactId;
  /** What was done. */
  operatorId: OperatorId | null;
  /** What the record says. */
  replayed: OperatorId | null;
  faults: string[];
};

/** Moments from `from` on, before `to`; null: without an end. */
export type Range = { from: Date | null; to: Date | null };

/**
 * Runs the rule again on every decision of a time, by its own record and without a look at what came out. Answers how
 * many there were, and tells of each that differs, in the order in which they were taken. That it was done is noted.
 * Throws Problem('forbidden').
 */
export async function replayDecisions(
  desk: Desk,
  actor: Actor,
  { from, to }: Range,
  tell: (deviation: Deviation) => void,
): Promise<number> {
  authorizeAny(actor, 'audit.see');
  const change = { subject: 'routing', after: { from, to } };
  await desk.store.write((tx) =>
    audit(tx, actor, { at: desk.clock.now(), action: 'routing.replayed', ...change }),
  );
  const within = {
    ...(from !== null && { at: { $gte: from } }),
    ...(to !== null && { $and: [{ at: { $lt: to } }] }),
  };
  let count = 0;
  let last = 0 as DecisionId;
  for (;;) {
    const rows = await desk.store
      .em()
      .find(Decision, { id: { $gt: last }, ...within }, { orderBy: { id: 'asc' }, limit: CHUNK });
    for (const row of rows) {
      const record = decisionView(row);
      const { operatorId, faults } = replay(record);
      if (faults.length === 0) continue;
      tell({
        id: row.id,
        contactId: row.contact.id,
        operatorId: record.operator_id,
        replayed: operatorId,
        faults,
      });
    }
    count += rows.length;
    if (rows.length < CHUNK) return count;
    last = rows.at(-1)!.id;
  }
}
