import type { ContactId, SourceId } from '../contract/ids.ts';
import type { NewRow } from '../store/shapes.ts';
import type { Tx } from '../store/write.ts';
import { departure, type WayOut } from './way-out.ts';

/** What a bot is to say of itself in a contact, where there is a way to its lead. */
export type Saying = { contactId: ContactId; sourceId: SourceId; text: string; way: WayOut };

/** The message, with its place in the outbox where it goes through there. */
export type Said = { message: NewRow<'message'>; delivery: NewRow<'delivery'> | null };

/** The text of a language, else of its shorter tag (`pt` for `pt-BR`), else that for everybody. */
export function textIn(
  language: string | null,
  { byLanguage, forAll }: { byLanguage: Record<string, string> | null; forAll: string | null },
): string | null {
  if (byLanguage === null) return forAll;
  let tag = language?.toLowerCase() ?? '';
  while (tag !== '' && !Object.hasOwn(byLanguage, tag)) tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')));
  return byLanguage[tag] ?? forAll;
}

/** The rows of what a bot says, in the order in which it is given, under ids that are reserved for them. */
export async function draftSayings(tx: Tx, sayings: readonly Saying[], at: Date): Promise<Said[]> {
  if (sayings.length === 0) return [];
  const queued = sayings.filter(({ way }) => isQueued(way)).length;
  const { message: ids, delivery: deliveryIds } = await tx.sql.reserveIds({
    message: sayings.length,
    delivery: queued,
  });
  return sayings.map((saying, index) => {
    const message = messageRow(saying, ids[index]!, at);
    const delivery = isQueued(saying.way) ? deliveryRow(message, saying.way, deliveryIds.shift()!) : null;
    return { message, delivery };
  });
}

type Queued = Extract<WayOut, { lane: string }>;

function isQueued(way: WayOut): way is Queued {
  return way.by === 'telegram' || way.by === 'callback';
}

function messageRow(
  { contactId, sourceId, text, way }: Saying,
  id: NewRow<'message'>['id'],
  at: Date,
): NewRow<'message'> {
  const { status, sentAt } = departure(way, at);
  return {
    id,
    contactId,
    sourceId,
    author: 'bot',
    operatorId: null,
    text,
    attachments: [],
    status,
    clientId: null,
    externalId: null,
    replyTo: null,
    raw: null,
    sentAt,
    editedAt: null,
    createdAt: at,
  };
}

function deliveryRow(message: NewRow<'message'>, way: Queued, id: number): NewRow<'delivery'> {
  const { sourceId, createdAt: at } = message;
  const { by: kind, lane, chat } = way;
  const times = { nextAt: at, createdAt: at, updatedAt: at };
  return { id, sourceId, messageId: message.id, kind, lane, chat, status: 'queued', attempt: 0, ...times };
}
