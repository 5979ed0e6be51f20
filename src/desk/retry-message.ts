import type { MessageId } from '../contract/ids.ts';
import type { Message as MessageWire } from '../contract/message.ts';
import { Problem } from '../problem.ts';
import { Delivery } from '../store/entities/delivery.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { enqueueDelivery } from './enqueue-delivery.ts';
import { type LoadedContact, lockContactFor, standingOf } from './find-contact.ts';
import { authorize, replierOf } from './policy.ts';
import { recordMessage } from './trail.ts';
import { messageView } from './views.ts';
import { departure, findWayOut } from './way-out.ts';

/**
 * Sends a message once more that has failed or may not have arrived, at the end of its lane; also to a lead that is
 * known to be unreachable, because a person asks for it. Resolves after COMMIT. Throws Problem('not-retryable') for any
 * other message, Problem('not-found'), Problem('forbidden'), Problem('no-operator'), Problem('not-yours') or
 * Problem('closed').
 */
export function retryMessage(desk: Desk, actor: Actor, id: MessageId): Promise<MessageWire> {
  return desk.store.write(async (tx) => {
    const contact = await lockContactOf(tx, actor, id);
    replierOf(actor, standingOf(contact));
    await takeBack(tx, id);
    const message = await tx.em.findOneOrFail(Message, { id }, { refresh: true });
    const at = desk.clock.now();
    const way = await findWayOut(tx, contact);
    Object.assign(message, departure(way, at));
    enqueueDelivery(tx, { message, sourceId: contact.source.id, way, at });
    await tx.em.flush();
    const wire = messageView(contact.id, message);
    recordMessage(tx, { type: 'message.updated', at, message: wire, contact: standingOf(contact), actor });
    return wire;
  });
}

/** The contact of a message, locked. A merge may move the message to another one while the lock is waited for. */
async function lockContactOf(tx: Tx, actor: Actor, id: MessageId): Promise<LoadedContact> {
  authorize(actor, 'contact.see');
  for (;;) {
    const message = await tx.em.findOne(Message, { id }, { refresh: true });
    if (message === null) throw new Problem('not-found');
    const { contact } = await lockContactFor(tx, actor, 'contact.see', message.contact.id);
    const present = await tx.em.findOne(Message, { id }, { refresh: true });
    if (present?.contact.id === contact.id) return contact;
  }
}

/**
 * Takes the message back from the attempt before: of two who ask at once one gets it, and an outcome that is told late
 * does not count any more.
 */
async function takeBack(tx: Tx, id: MessageId): Promise<void> {
  await tx.em.nativeUpdate(Delivery, { message: id, status: 'uncertain' }, { status: 'failed' });
  const doubtful = { id, status: { $in: ['failed' as const, 'uncertain' as const] } };
  const taken = await tx.em.nativeUpdate(Message, doubtful, { status: 'queued', error: null });
  if (taken === 0) throw new Problem('not-retryable');
}
