import type { LeadId } from '../../contract/ids.ts';
import type { SourceFacts } from '../../store/dialect.ts';
import type { NewRow } from '../../store/shapes.ts';
import type { Tx } from '../../store/write.ts';
import { departure, type WayOut, wayTo } from '../way-out.ts';
import { wordsOf } from './arrival-item.ts';
import type { Routed } from './newcomers.ts';
import { hasWords, type Place, type Placed } from './places.ts';

/** What a bot says to a new lead, with its place in the outbox where it goes through there. */
export type Greeting = { place: Place; message: NewRow<'message'>; delivery: NewRow<'delivery'> | null };

/** What is known of a batch when its rows are written; `newLeads` are those that it has made. */
export type Decided = {
  placed: Placed[];
  routed: Routed | null;
  newLeads: ReadonlySet<LeadId>;
  at: Date;
};

type Due = { place: Place; text: string; way: WayOut };

/**
 * The greetings of the leads that a message of this batch has made: by the source of that message and in its language,
 * where there is a way to them. Nothing is asked of the database when none is due.
 */
export async function draftGreetings(tx: Tx, { placed, newLeads, routed, at }: Decided): Promise<Greeting[]> {
  if (routed === null || newLeads.size === 0) return [];
  const due = firstOfEach(placed, newLeads).flatMap((one) =>
    dueTo(one, routed.roster.source(one.place.sourceId)!),
  );
  if (due.length === 0) return [];
  const queued = due.filter(({ way }) => isQueued(way)).length;
  const { message: ids, delivery: deliveryIds } = await tx.sql.reserveIds({
    message: due.length,
    delivery: queued,
  });
  return due.map((one, index) => {
    const message = messageRow(one, ids[index]!, at);
    const delivery = isQueued(one.way) ? deliveryRow(message, one.way, deliveryIds.shift()!) : null;
    return { place: one.place, message, delivery };
  });
}

/** Of each new lead the item that has made it: what comes later in the batch meets a lead that is known. */
function firstOfEach(placed: Placed[], made: ReadonlySet<LeadId>): Placed[] {
  const firsts = new Map<LeadId, Placed>();
  for (const one of placed) {
    const { id } = one.place.lead;
    if (made.has(id) && !firsts.has(id)) firsts.set(id, one);
  }
  return [...firsts.values()];
}

function dueTo(one: Placed, source: SourceFacts): Due[] {
  const { item, place } = one;
  if (!hasWords(one)) return [];
  const text = greetingIn(source, wordsOf(item).language);
  if (text === null) return [];
  const way = wayTo(source, place.lead.id, item.kind === 'message' ? item.arrival.chat : null);
  return way.by === 'nothing' ? [] : [{ place, text, way }];
}

/** The greeting of a language, else of its shorter tag (`pt` for `pt-BR`), else that for everybody. */
function greetingIn({ greeting, greetings }: SourceFacts, language: string | null): string | null {
  if (greetings === null) return greeting;
  let tag = language?.toLowerCase() ?? '';
  while (tag !== '' && !Object.hasOwn(greetings, tag)) tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')));
  return greetings[tag] ?? greeting;
}

type Queued = Extract<WayOut, { lane: string }>;

function isQueued(way: WayOut): way is Queued {
  return way.by === 'telegram' || way.by === 'callback';
}

function messageRow({ place, text, way }: Due, id: NewRow<'message'>['id'], at: Date): NewRow<'message'> {
  const { status, sentAt } = departure(way, at);
  return {
    id,
    contactId: place.contactId,
    sourceId: place.sourceId,
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
