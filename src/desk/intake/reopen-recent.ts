import type { ContactId, OperatorId } from '../../contract/ids.ts';
import type { LeadOnSource } from '../../store/dialect.ts';
import type { Tx } from '../../store/write.ts';
import { recordMove } from '../trail.ts';
import { contactView } from '../views.ts';

/** The contacts that are open again, each with who had it last. */
export type Reopened = ReadonlyMap<ContactId, OperatorId | null>;

/**
 * Puts what was closed a short while ago back into the queue, at its own age, where its lead writes once more and the
 * source wants that. The leads are locked.
 */
export async function reopenRecent(tx: Tx, silent: LeadOnSource[], at: Date): Promise<Reopened> {
  const ids = silent.length === 0 ? [] : await tx.sql.lockReopenable(silent, at);
  if (ids.length === 0) return new Map();
  const closed = await tx.sql.readContacts(ids);
  await tx.sql.reopenContacts(ids);
  for (const row of closed) {
    const contact = contactView({
      ...row,
      status: 'waiting',
      operator: null,
      assignedAt: null,
      closedAt: null,
      closeReason: null,
      version: row.version + 1,
    });
    const before = { operatorId: row.operator?.id ?? null, status: row.status };
    const actor = { kind: 'channel' as const, sourceId: row.source.id };
    recordMove(tx, { type: 'contact.reopened', at, contact, before, actor, reason: 'reopened' });
  }
  return new Map(closed.map(({ id, operator }) => [id, operator?.id ?? null]));
}
