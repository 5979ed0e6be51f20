import type { ContactId, MessageId } from '../contract/ids.ts';
import type { Message as MessageWire, MessageQuery } from '../contract/message.ts';
import type { Page } from '../contract/page.ts';
import { Message } from '../store/entities/message.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { findContact } from './find-contact.ts';
import { pageById, readIdCursor } from './page.ts';
import { messageView } from './views.ts';

/** The messages of a contact, newest first. Throws Problem('not-found') or Problem('invalid') for a foreign cursor. */
export async function listMessages(
  desk: Desk,
  actor: Actor,
  id: ContactId,
  query: MessageQuery,
): Promise<Page<MessageWire>> {
  const em = desk.store.em();
  await findContact(em, actor, id);
  const ends = [query.before, readIdCursor<MessageId>(query.cursor)].filter((end) => typeof end === 'number');
  const below = ends.length === 0 ? {} : { id: { $lt: Math.min(...ends) as MessageId } };
  const rows = await em.find(
    Message,
    { contact: id, ...below },
    { orderBy: { id: 'desc' }, limit: query.limit + 1 },
  );
  return pageById(rows, query.limit, (row) => messageView(id, row));
}
