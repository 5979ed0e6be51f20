import type { Unreachable } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import type { Delivery } from '../store/entities/delivery.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import { SYSTEM } from './actor.ts';
import type { Desk } from './desk.ts';
import { lockContact } from './find-contact.ts';
import { queuedIn } from './lanes.ts';
import { hasWrittenSince, markUnreachable } from './reach.ts';
import { stampMessage } from './stamp-message.ts';

/**
 * A chat takes nothing any more: the contacts of what was to be said there become unreachable, and what is still queued
 * fails for the same reason without a call. Not where the lead has written since the attempt began.
 */
export async function shutLane(
  desk: Desk,
  tx: Tx,
  refused: Delivery,
  reason: Unreachable['reason'],
): Promise<void> {
  const at = desk.clock.now();
  const contacts = await lockContactsOf(tx, refused);
  if (await hasWrittenSince(tx, [...contacts], refused.updatedAt, 'createdAt')) return;
  for (const delivery of await queuedIn(tx, refused)) {
    Object.assign(delivery, { status: 'failed', error: reason, updatedAt: at });
    await tx.em.flush();
    await stampMessage(desk, tx, delivery, { status: 'failed', error: reason });
  }
  for (const id of contacts)
    await markUnreachable(tx, await lockContact(tx, id), { reason, since: at }, { at, actor: SYSTEM });
}

/** Locks the contacts of a delivery and of what is queued behind it, so that nothing more is queued meanwhile. */
async function lockContactsOf(tx: Tx, refused: Delivery): Promise<Set<ContactId>> {
  let locked = new Set<ContactId>();
  for (;;) {
    const lane = [refused, ...(await queuedIn(tx, refused))];
    const messageIds = lane.flatMap(({ message }) => (message ? [message.id] : []));
    const messages = await tx.em.find(Message, { id: { $in: messageIds } }, { refresh: true });
    const found = new Set(messages.map(({ contact }) => contact.id));
    if ([...found].every((id) => locked.has(id))) return found;
    await tx.sql.lockContacts([...found]);
    locked = found;
  }
}
