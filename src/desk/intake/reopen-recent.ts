import type { LeadOnSource } from '../../store/dialect.ts';
import { Contact } from '../../store/entities/contact.ts';
import type { Tx } from '../../store/write.ts';
import type { Desk } from '../desk.ts';
import { enqueue } from '../enqueue.ts';
import { preferredBy } from '../reopen-contact.ts';

/**
 * Opens again what was closed a short while ago, by the rule of the source, where its lead writes once more; at its own
 * age, so it goes before whoever comes now. The leads are locked. Answers whether there was anything to open.
 */
export async function reopenRecent(desk: Desk, tx: Tx, silent: LeadOnSource[], at: Date): Promise<boolean> {
  if (silent.length === 0) return false;
  const ids = await tx.sql.lockReopenable(silent, at);
  for (const id of ids) {
    const contact = await tx.em.findOneOrFail(
      Contact,
      { id, status: 'closed' },
      { populate: ['lead', 'source', 'operator'], refresh: true },
    );
    const actor = { kind: 'channel' as const, sourceId: contact.source.id };
    const prefer = preferredBy(contact);
    await enqueue(desk, tx, { contact, actor, trigger: 'reopened', type: 'contact.reopened', prefer });
  }
  // Loads are not what the transaction before this one has left.
  if (ids.length > 0) desk.rosterMemory.last = null;
  return ids.length > 0;
}
