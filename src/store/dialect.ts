import type { ContactStatus } from '../contract/contact.ts';
import type { Refusal, Strategy } from '../contract/decision.ts';
import type { ContactId, LeadId, MessageId, OperatorId, SourceId } from '../contract/ids.ts';
import type { Availability } from '../contract/operator.ts';
import type { ReturnPolicy, SourceKind } from '../contract/source.ts';
import type { ContactRow } from './contact-rows.ts';
import type { Position } from './feed.ts';
import type { CountedTable, NewRow, NewRows } from './shapes.ts';

export type MessageKey = { sourceId: SourceId; externalId: string };
export type SeenMessage = MessageKey & { messageId: MessageId; contactId: ContactId; leadId: LeadId };
export type EarlyEditRow = MessageKey & { text: string; editedAt: number };
export type KeyName = { credential: string; key: string };
/** `createdAt` is in milliseconds since 1970. */
export type UsedKey = KeyName & { bodyHash: string; contactId: ContactId; createdAt: number };
/** Ids that are given to nobody else, in the order in which they rise. */
export type ReservedIds<T extends CountedTable> = { [K in T]: NewRow<K>['id'][] };
/** A lead that gets its id where it is written. */
export type NewLead = Omit<NewRow<'lead'>, 'id'>;
export type LeadRow = {
  id: LeadId;
  /** What was asked for: of an alias, the old id. */
  askedFor: string;
  externalId: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  language: string | null;
};
export type LeadOnSource = { leadId: LeadId; sourceId: SourceId };
export type OpenContact = {
  id: ContactId;
  leadId: LeadId;
  sourceId: SourceId;
  operatorId: OperatorId | null;
  status: ContactStatus;
};
/** As it stands in the database: marks are pairs of an operator's id and a number. */
export type KeptMemory = { turn: number; marks: [OperatorId, number][] };
export type SourceFacts = {
  id: SourceId;
  code: string;
  name: string;
  kind: SourceKind;
  callbackUrl: string | null;
  greeting: string | null;
  greetings: Record<string, string> | null;
  isActive: boolean;
  requirePresence: boolean;
  strategy: Strategy;
  returnPolicy: ReturnPolicy['kind'];
  offerSeconds: number;
  priority: number;
  /** What its strategy keeps; null where nothing was picked yet. */
  memory: KeptMemory | null;
  /** False where nobody waited when it was looked at. */
  mayWait: boolean;
};
export type OperatorFacts = {
  id: OperatorId;
  name: string;
  isActive: boolean;
  availability: Availability;
  isOnline: boolean;
  load: number;
  maxLoad: number;
};
export type WeightFacts = { sourceId: SourceId; operatorId: OperatorId; weight: number };
/** Everything that routing a set of sources depends on. */
export type RoutingFacts = {
  sources: SourceFacts[];
  weights: WeightFacts[];
  operators: OperatorFacts[];
  configVersion: number;
};
/** Where a contact stands in the queue: by its source's priority, then older ones first; milliseconds since 1970. */
export type QueuePlace = { priority: number; createdAt: number; id: ContactId };
export type QueuedRow = QueuePlace & {
  leadId: LeadId;
  sourceId: SourceId;
  attempt: number;
  releasedBy: OperatorId | null;
  /** Milliseconds since 1970. */
  releasedAt: number | null;
  declined: [OperatorId, Refusal][] | null;
};
export type Assignment = { contactId: ContactId; operatorId: OperatorId; offerExpiresAt: Date | null };
/** Who can be told a place in the queue of a source: those with a chat, where that is the way to them. */
export type PlaceAudience = {
  sourceId: SourceId;
  needsChat: boolean;
  /** Those whose language is one of these tags, or begins with it; null: whatever it is. */
  languages: string[] | null;
};
/** A customer that is to be told its place; `chat`: the newest that is known on the source. */
export type PlaceDue = {
  contactId: ContactId;
  place: number;
  leadId: LeadId;
  language: string | null;
  chat: string | null;
};
export type LeadGap = Pick<LeadRow, 'id' | 'name' | 'phone' | 'email' | 'language'> & { at: Date };
export type LastWords = { contactId: ContactId; text: string; author: string; at: Date; chat: string | null };

/** What is written together with COMMIT: what it locks is held for the shortest time. */
export type LastWrites = {
  rows: NewRows;
  events: NewRow<'event'>[];
  /** As for `moveLoads`; where they rise, of those alone who are active and available. */
  loads: ReadonlyMap<OperatorId, number>;
  /** Of these operators, alone while they are online. */
  online: ReadonlySet<OperatorId>;
  /** Loads rise only while the configuration has this version; null: whatever it has. */
  configVersion: number | null;
};
/** Loads could not be changed as they should: a cap, or somebody who may get nothing, stood against it. */
export class Unmoved extends Error {}

/**
 * The set-based statements of the hot road, one implementation per database. All of them run inside the
 * write transaction they were made for. Locks are taken in one order on every path: leads by external id,
 * contacts (those named, then the queue by age), operators by id.
 */
export interface Statements {
  seenMessages(keys: MessageKey[]): Promise<SeenMessage[]>;
  /** Takes the kept edits of these messages out of their table. */
  takeEarlyEdits(keys: MessageKey[]): Promise<EarlyEditRow[]>;
  usedKeys(keys: KeyName[]): Promise<UsedKey[]>;
  /** Forgets those of the keys that were used before then, so that they can be used again. */
  dropKeys(keys: KeyName[], before: Date): Promise<void>;
  /** Locks the leads with these external ids; an alias resolves to the lead it was merged into. */
  lockLeads(externalIds: string[]): Promise<LeadRow[]>;
  /** Like `lockLeads`, but makes those that are not there; tells every one of them, and which were made. */
  holdLeads(rows: NewLead[]): Promise<{ leads: LeadRow[]; made: LeadId[] }>;
  /** Fills what was not known of a lead; what is known stays, but for the language: there the last word counts. */
  fillLeads(rows: LeadGap[]): Promise<void>;
  /** Locks the newest open contact of each (lead, source). */
  lockOpenContacts(pairs: LeadOnSource[]): Promise<OpenContact[]>;
  /** Locks the newest closed contact of each that may still open again by its source's rule; never a merged one. */
  lockReopenable(pairs: LeadOnSource[], at: Date): Promise<ContactId[]>;
  /** Puts closed contacts back into the queue. */
  reopenContacts(ids: ContactId[]): Promise<void>;
  /** Contacts with the names of whom and what they belong to, in no order. */
  readContacts(ids: ContactId[]): Promise<ContactRow[]>;
  /** Who last had a contact of the lead on the source. */
  lastOperators(
    pairs: LeadOnSource[],
  ): Promise<{ leadId: LeadId; sourceId: SourceId; operatorId: OperatorId }[]>;
  lockContacts(ids: ContactId[]): Promise<void>;
  /**
   * Locks the first waiting contacts of these sources, by priority, then oldest first; only those behind `after` where
   * that is given.
   * Fewer than `limit` means that no more are waiting.
   */
  lockQueue(sourceIds: SourceId[], limit: number, after?: QueuePlace | null): Promise<QueuedRow[]>;
  /** Those of the sources where somebody is free now. Nothing is locked: it only saves a look at their queues. */
  withCapacity(sourceIds: SourceId[]): Promise<SourceId[]>;
  /**
   * Tells all that routing needs of these sources, their operators, and the operators named; locks the operators, by id.
   */
  routingFacts(sourceIds: SourceId[], operatorIds: OperatorId[]): Promise<RoutingFacts>;
  /**
   * The same of these sources without a lock, so that it may be over when the transaction commits, together with
   * reserved ids.
   */
  outlook<T extends CountedTable>(
    sourceIds: SourceId[],
    counts: Record<T, number>,
  ): Promise<{ facts: RoutingFacts; ids: ReservedIds<T> }>;
  /** The sources on which one of these operators has a weight above 0. */
  sourcesOf(operatorIds: OperatorId[]): Promise<SourceId[]>;
  /** Reserves `counts[table]` ids in each table. */
  reserveIds<T extends CountedTable>(counts: Record<T, number>): Promise<ReservedIds<T>>;
  /** Inserts rows of any of these tables; they may refer to one another. */
  insert(rows: NewRows): Promise<void>;
  /**
   * Writes the last of a transaction and commits it. Answers where in the feed each event stands, in their order; of
   * PostgreSQL, whose readers follow the table, none. Throws Unmoved, and then nothing is committed.
   */
  commit(last: LastWrites): Promise<Position[]>;
  /** Keeps what the strategies of these sources keep, in place of what was there. */
  keepMemory(rows: (KeptMemory & { sourceId: SourceId })[]): Promise<void>;
  /** Changes loads by deltas, never above the cap where the delta is positive; answers how many rows it changed. */
  moveLoads(deltas: ReadonlyMap<OperatorId, number>): Promise<number>;
  /** Gives open contacts to operators; the version and the attempt rise. */
  assignQueued(assignments: Assignment[], at: Date): Promise<void>;
  /**
   * Locks the first waiting contacts of a source, by age, whose customers are to be told their place: nothing was told
   * of it since they wait, or it is at most half of what was told last. Leads that cannot be reached are passed over.
   */
  lockPlacesDue(audience: PlaceAudience, limit: number): Promise<PlaceDue[]>;
  /** Keeps the places that customers are told. */
  notePlaces(rows: Pick<PlaceDue, 'contactId' | 'place'>[]): Promise<void>;
  /** Notes the newest message of contacts, whose leads can be reached now; the chat stays where it is null. */
  noteLastWords(rows: LastWords[]): Promise<void>;
  /** Changes whenever anything outside this process wrote to the database; null where nothing can tell. */
  foreignWrites(): number | null;
}
