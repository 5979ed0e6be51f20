import type { MessageId } from '../../contract/ids.ts';
import type { EarlyEditRow } from '../../store/dialect.ts';
import type { NewRow } from '../../store/shapes.ts';
import type { Tx } from '../../store/write.ts';
import { hasWords, type Placed } from './places.ts';
import { messageKeys } from './repeats.ts';

type MessageRow = NewRow<'message'>;

/** The message of each placed item; undefined for a contact that was opened without a word. */
export async function draftMessages(
  tx: Tx,
  placed: Placed[],
  ids: MessageId[],
  at: Date,
): Promise<Map<Placed, MessageRow>> {
  const speaking = placed.filter(hasWords);
  if (speaking.length === 0) return new Map();
  const edits = await takeEdits(tx, speaking);
  const answered = await findAnswered(tx, speaking);
  return new Map(
    speaking.map((one, index) => [one, withEdit(messageRow(one, ids[index]!, answered, at), edits)]),
  );
}

function messageRow(
  { item, place }: Placed,
  id: MessageId,
  answered: Map<string, MessageId>,
  at: Date,
): MessageRow {
  const common = {
    id,
    contactId: place.contactId,
    sourceId: place.sourceId,
    author: 'lead' as const,
    operatorId: null,
    status: null,
    clientId: null,
    editedAt: null,
    createdAt: at,
  };
  if (item.kind === 'contact') {
    const text = item.opening.text ?? '';
    return { ...common, text, attachments: [], externalId: null, replyTo: null, raw: null, sentAt: null };
  }
  const { text, attachments, externalId, replyTo, raw, sentAt } = item.arrival;
  const answers = replyTo === null ? null : (answered.get(`${place.sourceId}:${replyTo}`) ?? null);
  return { ...common, text, attachments, externalId, replyTo: answers, raw, sentAt };
}

/** Edits that came before their message. */
async function takeEdits(tx: Tx, speaking: Placed[]): Promise<Map<string, EarlyEditRow>> {
  const edits = await tx.sql.takeEarlyEdits(messageKeys(speaking.map(({ item }) => item)));
  return new Map(edits.map((edit) => [`${edit.sourceId}:${edit.externalId}`, edit]));
}

function withEdit(row: MessageRow, edits: Map<string, EarlyEditRow>): MessageRow {
  const edit = edits.get(`${row.sourceId}:${row.externalId}`);
  return edit === undefined ? row : { ...row, text: edit.text, editedAt: new Date(edit.editedAt) };
}

async function findAnswered(tx: Tx, speaking: Placed[]): Promise<Map<string, MessageId>> {
  const keys = speaking.flatMap(({ item }) =>
    item.kind === 'message' && item.arrival.replyTo !== null
      ? [{ sourceId: item.arrival.sourceId, externalId: item.arrival.replyTo }]
      : [],
  );
  if (keys.length === 0) return new Map();
  const seen = await tx.sql.seenMessages(keys);
  return new Map(seen.map((row) => [`${row.sourceId}:${row.externalId}`, row.messageId]));
}
