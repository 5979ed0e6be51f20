import type { Contact } from '../../contract/contact.ts';
import type { DecisionId, SourceId } from '../../contract/ids.ts';
import type { NewRow } from '../../store/shapes.ts';
import type { Tx } from '../../store/write.ts';
import { type Actor, SYSTEM } from '../actor.ts';
import { previewOf } from '../preview.ts';
import type { Roster } from '../roster.ts';
import { draftView } from '../route.ts';
import { NOWHERE, recordMessage, recordMove } from '../trail.ts';
import { contactView, messageView } from '../views.ts';
import type { ArrivalItem, ArrivalOutcome } from './arrival-item.ts';
import { type Decided, draftGreetings, type Greeting } from './greetings.ts';
import { draftMessages } from './messages.ts';
import type { BatchIds, Routed } from './newcomers.ts';
import { hasWords, newcomersOf, type Place, type Placed } from './places.ts';

type MessageRow = NewRow<'message'>;
type Messages = Map<Placed, MessageRow>;

/** Writes what a batch has decided, and answers what became of each item. */
export async function writeBatch(tx: Tx, batch: Decided): Promise<Map<ArrivalItem, ArrivalOutcome>> {
  const { placed, routed, at } = batch;
  const ids = routed?.ids ?? (await reserveIds(tx, placed));
  const messages = await draftMessages(tx, placed, ids.message, at);
  // Their ids come behind those of the messages they answer, and lists go by id.
  const greetings = await draftGreetings(tx, batch);
  const newest = newestWords(messages);
  const contacts = draftContacts(placed, newest, at);
  const decisions = draftDecisions(routed, ids.decision);
  const rows = {
    contact: [...contacts.values()],
    message: [...messages.values(), ...greetings.map(({ message }) => message)],
    delivery: greetings.flatMap(({ delivery }) => delivery ?? []),
    decision: [...decisions.values()],
    idempotency_key: placed.flatMap((one) => keyOf(one, at)),
  };
  tx.atEnd(routed === null ? { rows } : routed.roster.ending(rows));
  await tx.sql.noteLastWords(wordsOfJoined(newest, at));
  const views =
    routed === null ? new Map<Place, Contact>() : tellContacts(tx, placed, contacts, routed.roster);
  tellMessages(tx, messages, at);
  tellGreetings(tx, greetings, at);

  return new Map(
    placed.map((one): [ArrivalItem, ArrivalOutcome] => {
      const { item, place } = one;
      if (item.kind === 'contact') {
        const decision = draftView(decisions.get(place)!);
        return [item, { kind: 'contact', contact: { ...views.get(place)!, decision } }];
      }
      const messageId = messages.get(one)!.id;
      const receipt = { messageId, contactId: place.contactId, leadId: place.lead.id, duplicate: false };
      return [item, { kind: 'message', receipt }];
    }),
  );
}

/** Of a batch in which nothing was routed. */
async function reserveIds(tx: Tx, placed: Placed[]): Promise<BatchIds> {
  const { message } = await tx.sql.reserveIds({ message: placed.filter(hasWords).length });
  return { message, decision: [] };
}

/** The last thing said in each contact, with the chat it came from. */
function newestWords(messages: Messages): Map<Place, MessageRow & { chat: string | null }> {
  const newest = new Map<Place, MessageRow & { chat: string | null }>();
  for (const [{ item, place }, row] of messages) {
    const chat = item.kind === 'message' ? item.arrival.chat : null;
    newest.set(place, { ...row, chat: chat ?? newest.get(place)?.chat ?? null });
  }
  return newest;
}

function draftContacts(
  placed: Placed[],
  newest: ReturnType<typeof newestWords>,
  at: Date,
): Map<Place, NewRow<'contact'>> {
  const firstText = new Map<Place, string | null>();
  for (const { item, place } of placed.toReversed())
    firstText.set(place, item.kind === 'message' ? item.arrival.text : item.opening.text);
  const rows = newcomersOf(placed).map((place): [Place, NewRow<'contact'>] => {
    const words = newest.get(place);
    return [
      place,
      {
        id: place.contactId,
        leadId: place.lead.id,
        sourceId: place.sourceId,
        operatorId: place.operatorId,
        status: place.status,
        text: firstText.get(place) ?? null,
        byMessage: place.byMessage,
        chat: words?.chat ?? null,
        attempt: 1,
        lastAuthor: words?.author ?? null,
        lastText: words === undefined ? null : previewOf(words.text),
        lastAt: words === undefined ? null : at,
        createdAt: at,
        assignedAt: place.status === 'assigned' ? at : null,
        offerExpiresAt: place.offerExpiresAt,
        version: 1,
      },
    ];
  });
  return new Map(rows);
}

function wordsOfJoined(
  newest: ReturnType<typeof newestWords>,
  at: Date,
): Parameters<Tx['sql']['noteLastWords']>[0] {
  return [...newest]
    .filter(([place]) => !place.isNew)
    .map(([place, { text, author, chat }]) => ({
      contactId: place.contactId,
      text: previewOf(text),
      author,
      at,
      chat,
    }));
}

function draftDecisions(routed: Routed | null, ids: DecisionId[]): Map<Place, NewRow<'decision'>> {
  const drafts = routed === null ? [] : [...routed.drafts];
  return new Map(drafts.map(([place, draft], index) => [place, { ...draft, id: ids[index]! }]));
}

function keyOf({ item, place }: Placed, at: Date): NewRow<'idempotency_key'>[] {
  if (item.kind !== 'contact' || item.opening.idempotency === null) return [];
  const { credential, key, bodyHash } = item.opening.idempotency;
  return [{ credential, idempotencyKey: key, bodyHash, contactId: place.contactId, createdAt: at }];
}

function tellContacts(
  tx: Tx,
  placed: Placed[],
  rows: Map<Place, NewRow<'contact'>>,
  roster: Roster,
): Map<Place, Contact> {
  const views = new Map<Place, Contact>();
  for (const { item, place } of placed) {
    const row = rows.get(place);
    if (row === undefined || views.has(place)) continue;
    const operator = place.operatorId === null ? null : roster.operator(place.operatorId)!;
    const contact = contactView({
      ...row,
      lead: place.lead,
      source: roster.source(place.sourceId)!,
      operator,
    });
    views.set(place, contact);
    const move = { at: row.createdAt, contact, before: NOWHERE };
    recordMove(tx, { ...move, type: 'contact.created', actor: actorOf(item, place.sourceId) });
    const type = place.status === 'assigned' ? 'contact.assigned' : 'contact.waiting';
    recordMove(tx, { ...move, type, actor: { kind: 'routing' }, reason: 'arrival' });
  }
  return views;
}

function actorOf(item: ArrivalItem, sourceId: SourceId): Actor {
  return item.kind === 'contact' ? item.opening.actor : { kind: 'channel', sourceId };
}

function tellMessages(tx: Tx, messages: Messages, at: Date): void {
  for (const [{ item, place }, row] of messages) {
    recordMessage(tx, {
      type: 'message.created',
      at,
      message: messageView(place.contactId, row),
      contact: { operatorId: place.operatorId, status: place.status, sourceId: place.sourceId },
      actor: actorOf(item, place.sourceId),
    });
  }
}

function tellGreetings(tx: Tx, greetings: Greeting[], at: Date): void {
  for (const { place, message } of greetings) {
    const { contactId, operatorId, status, sourceId } = place;
    const contact = { operatorId, status, sourceId };
    const wire = messageView(contactId, message);
    recordMessage(tx, { type: 'message.created', at, message: wire, contact, actor: SYSTEM });
  }
}
