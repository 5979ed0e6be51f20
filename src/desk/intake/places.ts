import type { ContactStatus } from '../../contract/contact.ts';
import type { ContactId, LeadId, OperatorId, SourceId } from '../../contract/ids.ts';
import type { LeadOnSource, LeadRow } from '../../store/dialect.ts';
import type { Tx } from '../../store/write.ts';
import { type ArrivalItem, sourceOf, wordsOf } from './arrival-item.ts';
import type { Leads } from './leads.ts';
import { reopenRecent } from './reopen-recent.ts';

/** The contact that an item belongs to: one that is open, or a newcomer that this batch opens. */
export type Place = {
  contactId: ContactId;
  lead: LeadRow;
  sourceId: SourceId;
  isNew: boolean;
  /** Opened by a message, not by a plain API call. */
  byMessage: boolean;
  status: ContactStatus;
  operatorId: OperatorId | null;
  /** Of a newcomer that is offered to its operator. */
  offerExpiresAt: Date | null;
  /** Of one that this batch opens again: who had it last. */
  reopened: { from: OperatorId | null } | null;
};

export type Placed = { item: ArrivalItem; place: Place };

/** What arrived, with its leads. */
type Fresh = { items: ArrivalItem[]; leads: Leads; at: Date };

/**
 * Finds each item its contact, one that was closed a short while ago too where its source wants that; a newcomer gets
 * its id and its operator later.
 */
export async function placeItems(tx: Tx, { items, leads, at }: Fresh): Promise<Placed[]> {
  const newest = await openPlaces(tx, { items, leads, at });
  const placed = items.map((item): Placed => {
    const lead = leads.byName.get(wordsOf(item).externalId)!;
    const pair = pairOf(lead.id, sourceOf(item));
    const joined = item.kind === 'message' ? newest.get(pair) : undefined;
    const place = joined ?? newPlace(item, lead);
    newest.set(pair, place);
    return { item, place };
  });
  return placed;
}

/** Whether an item says anything: a contact may be opened without a word. */
export function hasWords({ item }: Placed): boolean {
  return item.kind === 'message' || (item.opening.text !== null && item.opening.text !== '');
}

/** The contacts that this batch opens, in the order in which they came. */
export function newcomersOf(placed: Placed[]): Place[] {
  return [...new Set(placed.map(({ place }) => place))].filter((place) => place.isNew);
}

/** A lead on a source, as a key. */
export function pairOf(leadId: LeadId, sourceId: SourceId): string {
  return `${leadId}:${sourceId}`;
}

async function openPlaces(tx: Tx, { items, leads, at }: Fresh): Promise<Map<string, Place>> {
  const byId = new Map([...leads.byName.values()].map((lead) => [lead.id, lead]));
  const pairs = new Map<string, LeadOnSource>();
  const opened = new Set<string>();
  for (const item of items) {
    const pair = { leadId: leads.byName.get(wordsOf(item).externalId)!.id, sourceId: sourceOf(item) };
    const key = pairOf(pair.leadId, pair.sourceId);
    // A message behind a call that opens a contact joins that one; a lead that has just been made has none.
    if (item.kind === 'contact') opened.add(key);
    else if (!opened.has(key) && !leads.made.has(pair.leadId)) pairs.set(key, pair);
  }
  let open = await tx.sql.lockOpenContacts([...pairs.values()]);
  const isOpen = new Set(open.map(({ leadId, sourceId }) => pairOf(leadId, sourceId)));
  const silent = [...pairs].filter(([pair]) => !isOpen.has(pair));
  const reopened = await reopenRecent(
    tx,
    silent.map(([, pair]) => pair),
    at,
  );
  if (reopened.size > 0) open = await tx.sql.lockOpenContacts([...pairs.values()]);
  return new Map(
    open.map(({ id, leadId, sourceId, status, operatorId }) => [
      pairOf(leadId, sourceId),
      {
        contactId: id,
        lead: byId.get(leadId)!,
        sourceId,
        isNew: false,
        byMessage: true,
        status,
        operatorId,
        offerExpiresAt: null,
        reopened: reopened.has(id) ? { from: reopened.get(id)! } : null,
      },
    ]),
  );
}

// The id is a placeholder until the whole batch knows how many it needs: one reservation serves all.
const UNRESERVED = 0 as number as ContactId;

function newPlace(item: ArrivalItem, lead: LeadRow): Place {
  return {
    contactId: UNRESERVED,
    lead,
    sourceId: sourceOf(item),
    isNew: true,
    byMessage: item.kind === 'message',
    status: 'waiting',
    operatorId: null,
    offerExpiresAt: null,
    reopened: null,
  };
}
