import type { LeadId } from '../../contract/ids.ts';
import type { SourceFacts } from '../../store/dialect.ts';
import type { Tx } from '../../store/write.ts';
import { draftSayings, type Said, type Saying, textIn } from '../bot-words.ts';
import { wayTo } from '../way-out.ts';
import { wordsOf } from './arrival-item.ts';
import type { Routed } from './newcomers.ts';
import { hasWords, type Place, type Placed } from './places.ts';

/** What a bot says to a new lead, with its place in the outbox where it goes through there. */
export type Greeting = Said & { place: Place };

/** What is known of a batch when its rows are written; `newLeads` are those that it has made. */
export type Decided = {
  placed: Placed[];
  routed: Routed | null;
  newLeads: ReadonlySet<LeadId>;
  at: Date;
};

/**
 * The greetings of the leads that a message of this batch has made: by the source of that message and in its language,
 * where there is a way to them. Nothing is asked of the database when none is due.
 */
export async function draftGreetings(tx: Tx, { placed, newLeads, routed, at }: Decided): Promise<Greeting[]> {
  if (routed === null || newLeads.size === 0) return [];
  const due = firstOfEach(placed, newLeads).flatMap((one) =>
    dueTo(one, routed.roster.source(one.place.sourceId)!),
  );
  const said = await draftSayings(tx, due, at);
  return said.map((rows, index) => ({ ...rows, place: due[index]!.place }));
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

function dueTo(one: Placed, source: SourceFacts): (Saying & { place: Place })[] {
  const { item, place } = one;
  if (!hasWords(one)) return [];
  const { greetings: byLanguage, greeting: forAll } = source;
  const text = textIn(wordsOf(item).language, { byLanguage, forAll });
  if (text === null) return [];
  const way = wayTo(source, place.lead.id, item.kind === 'message' ? item.arrival.chat : null);
  if (way.by === 'nothing') return [];
  const { contactId, sourceId } = place;
  return [{ place, contactId, sourceId, text, way }];
}
