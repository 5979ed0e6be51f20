import type { Contact } from '../contract/contact.ts';
import type { Trigger } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import { Contact as ContactRow } from '../store/entities/contact.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type LoadedContact, standingOf } from './find-contact.ts';
import { RELEASE_PAUSE_MS, reroute } from './reroute.ts';
import { recordMove } from './trail.ts';
import { contactView } from './views.ts';

export type Enqueuing = {
  contact: LoadedContact;
  actor: Actor;
  trigger: Extract<Trigger, 'released' | 'reopened' | 'declined' | 'offer-expired'>;
  type: 'contact.waiting' | 'contact.reopened';
  prefer: OperatorId | null;
  /** In the trail, where more is to be said than the trigger. */
  reason?: string | null;
};

/** Puts a contact into the queue at its own age, and lets the queues that this touches move. */
export async function enqueue(desk: Desk, tx: Tx, enqueuing: Enqueuing): Promise<Contact> {
  const { contact, actor, trigger, type, prefer, reason = trigger } = enqueuing;
  const before = standingOf(contact);
  const freed = before.status === 'assigned' ? before.operatorId : null;
  const at = desk.clock.now();
  contact.status = 'waiting';
  contact.operator = null;
  contact.assignedAt = null;
  contact.closedAt = null;
  contact.closeReason = null;
  contact.offerExpiresAt = null;
  contact.toldPlace = null;
  if (trigger === 'reopened') contact.declined = null;
  contact.version += 1;
  await tx.em.flush();
  recordMove(tx, { type, at, contact: contactView(contact), before, actor, reason });

  const others = freed === null ? [] : await tx.sql.sourcesOf([freed]);
  await reroute(desk, tx, {
    sources: [contact.source.id, ...others],
    ...(freed !== null && { loads: new Map([[freed, -1]]) }),
    entering: new Map([[contact.id, { trigger, prefer }]]),
  });
  if (contact.releasedBy) tx.afterCommit(() => desk.drains.later(RELEASE_PAUSE_MS, [contact.source.id]));
  const after = await tx.em.findOneOrFail(
    ContactRow,
    { id: contact.id },
    { populate: ['lead', 'source', 'operator'], refresh: true },
  );
  return contactView(after);
}
