import type { LeadId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import type { Tx } from '../store/write.ts';
import type { ReachArrival } from './arrival.ts';
import { chatsOf } from './chats-of-lead.ts';
import type { Desk } from './desk.ts';
import type { LoadedContact } from './find-contact.ts';
import { assertFence } from './leases.ts';
import { hasWrittenSince, markReachable, markUnreachable } from './reach.ts';

/**
 * Notes on the open contacts of a chat, else on its newest, that the lead has shut it for the bot or opened it again.
 * It may come any number of times; one from before the lead's last message changes nothing. Raises Fenced when somebody
 * else polls the bot by now.
 */
export function receiveReach(desk: Desk, arrival: ReachArrival): Promise<void> {
  return desk.store.write(async (tx) => {
    await assertFence(tx, desk, arrival.fence ?? null);
    const { sourceId, isOpen, at: since } = arrival;
    const [lead] = await tx.sql.lockLeads([arrival.lead]);
    if (lead === undefined) return;
    const contacts = await lockConcerned(tx, lead.id, arrival);
    const ids = contacts.map(({ id }) => id);
    if (await hasWrittenSince(tx, ids, since, 'sentAt')) return;
    const change = { at: desk.clock.now(), actor: { kind: 'channel' as const, sourceId } };
    for (const contact of contacts) {
      if (isOpen) await markReachable(tx, contact, change);
      else await markUnreachable(tx, contact, { reason: 'blocked-by-user', since }, change);
    }
  });
}

async function lockConcerned(
  tx: Tx,
  leadId: LeadId,
  { sourceId, chat }: ReachArrival,
): Promise<LoadedContact[]> {
  const all = await chatsOf(tx, leadId, sourceId);
  const ids = all.filter((contact) => contact.chat === chat).map(({ id }) => id);
  await tx.sql.lockContacts(ids);
  const locked = await tx.em.find(
    Contact,
    { id: { $in: ids } },
    { populate: ['lead', 'source', 'operator'], orderBy: { id: 'desc' } },
  );
  const open = locked.filter(({ status }) => status !== 'closed');
  return open.length > 0 ? open : locked.slice(0, 1);
}
