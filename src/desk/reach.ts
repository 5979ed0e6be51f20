import { Unreachable } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { type LoadedContact, standingOf } from './find-contact.ts';
import { recordMove } from './trail.ts';
import { contactView } from './views.ts';

type Shut = { reason: Unreachable['reason']; since: Date };
type Change = { at: Date; actor: Actor };

/** Why a lead cannot be reached, where that is what a failure says; else null. */
export function unreachableReason(error: string): Unreachable['reason'] | null {
  const reason = Unreachable.shape.reason.safeParse(error);
  return reason.success ? reason.data : null;
}

/** Notes on a locked contact that its lead cannot be reached, and tells it; what is known already is not told again. */
export async function markUnreachable(
  tx: Tx,
  contact: LoadedContact,
  shut: Shut,
  change: Change,
): Promise<void> {
  if (contact.unreachableReason === shut.reason) return;
  contact.unreachableReason = shut.reason;
  contact.unreachableSince = shut.since;
  await tellReach(tx, contact, { ...change, reason: shut.reason });
}

/** Notes on a locked contact that its lead can be reached again, and tells it. */
export async function markReachable(tx: Tx, contact: LoadedContact, change: Change): Promise<void> {
  if (!contact.unreachableReason) return;
  contact.unreachableReason = null;
  contact.unreachableSince = null;
  await tellReach(tx, contact, { ...change, reason: 'reachable' });
}

async function tellReach(
  tx: Tx,
  contact: LoadedContact,
  { at, actor, reason }: Change & { reason: string },
): Promise<void> {
  contact.version += 1;
  await tx.em.flush();
  const before = standingOf(contact);
  recordMove(tx, { type: 'contact.updated', at, contact: contactView(contact), before, actor, reason });
}

/**
 * Whether the lead has said something in one of these contacts after that moment: what is known of its chat from before
 * is over then. `clock`: by whose clock the moment is, ours or that of the channel.
 */
export async function hasWrittenSince(
  tx: Tx,
  contacts: ContactId[],
  moment: Date,
  clock: 'createdAt' | 'sentAt',
): Promise<boolean> {
  const later = { contact: { $in: contacts }, author: 'lead' as const, [clock]: { $gt: moment } };
  return (await tx.em.count(Message, later)) > 0;
}
