import { EarlyEdit } from '../store/entities/early-edit.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import type { EditArrival } from './arrival.ts';
import type { Desk } from './desk.ts';
import { lockContact, standingOf } from './find-contact.ts';
import { assertFence } from './leases.ts';
import { previewOf } from './preview.ts';
import { recordMessage } from './trail.ts';
import { messageView } from './views.ts';

/**
 * Applies an edit to the message it belongs to; one that comes before its message is kept until then.
 * The newest edit wins; of two in the same second, which is all that Telegram tells, the one that comes later. Raises
 * Fenced when somebody else polls the bot by now.
 */
export function receiveEdit(desk: Desk, edit: EditArrival): Promise<void> {
  return desk.store.write(async (tx) => {
    const { sourceId, externalId } = edit;
    await assertFence(tx, desk, edit.fence ?? null);
    const message = await tx.em.findOne(Message, { sourceId, externalId });
    if (message === null) return keepForLater(tx, edit);
    if (message.editedAt && message.editedAt > edit.editedAt) return;
    const contact = await lockContact(tx, message.contact.id);
    // It may have been erased while its contact was waited for.
    if ((await tx.em.findOne(Message, { id: message.id }, { disableIdentityMap: true })) === null) return;
    message.text = edit.text;
    message.editedAt = edit.editedAt;
    if (contact.lastAt && message.createdAt >= contact.lastAt) contact.lastText = previewOf(edit.text);
    await tx.em.flush();
    recordMessage(tx, {
      type: 'message.updated',
      at: desk.clock.now(),
      message: messageView(contact.id, message),
      contact: standingOf(contact),
      actor: { kind: 'channel', sourceId },
    });
  });
}

async function keepForLater(tx: Tx, { sourceId, externalId, text, editedAt }: EditArrival): Promise<void> {
  const kept = await tx.em.findOne(EarlyEdit, { sourceId, externalId });
  if (kept === null) tx.em.create(EarlyEdit, { sourceId, externalId, text, editedAt });
  else if (kept.editedAt <= editedAt) tx.em.assign(kept, { text, editedAt });
  await tx.em.flush();
}
