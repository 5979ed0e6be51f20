import { expect } from 'vitest';
import type { ContactId, LeadId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import type { Clock } from '../../src/desk/desk.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import type { NewRow } from '../../src/store/shapes.ts';
import type { NewEvent, Tx } from '../../src/store/write.ts';
import { type Database, readyDatabase, stoppedClock } from '../support/desk.ts';

/** An open store on an empty database of its own, without a desk; `faults` is what its listeners threw. */
export type Ground = AsyncDisposable & { store: Store; clock: Clock; databaseUrl: string; faults: unknown[] };

export const noon = new Date('2026-01-01T12:00:00.000Z');

export async function openGround(database: Database): Promise<Ground> {
  await using opening = new AsyncDisposableStack();
  const { url } = opening.use(await readyDatabase(database));
  const faults: unknown[] = [];
  const store = await openStore({ databaseUrl: url, onError: (error) => void faults.push(error) });
  opening.use(store);
  const opened = opening.move();
  return {
    store,
    databaseUrl: url,
    faults,
    clock: stoppedClock(noon.toISOString()),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

export async function hasLead(
  { store }: Ground,
  externalId: string,
  traits: Partial<NewRow<'lead'>> = {},
): Promise<LeadId> {
  return store.write(async (tx) => {
    const id = (await tx.sql.reserveIds({ lead: 1 })).lead[0]!;
    const known = { name: null, phone: null, email: null, language: null, createdAt: noon, updatedAt: noon };
    await tx.sql.insert({ lead: [{ id, externalId, ...known, ...traits }] });
    return id;
  });
}

type ContactTraits = Partial<NewRow<'contact'>> & { leadId: LeadId; sourceId: SourceId };

/** A contact as its row says; a waiting one that was opened by the API unless told otherwise. */
export async function hasContact({ store }: Ground, traits: ContactTraits): Promise<ContactId> {
  return store.write(async (tx) => {
    const id = (await tx.sql.reserveIds({ contact: 1 })).contact[0]!;
    await tx.sql.insert({
      contact: [
        {
          id,
          operatorId: null,
          status: 'waiting',
          text: null,
          byMessage: false,
          chat: null,
          attempt: 1,
          lastAuthor: null,
          lastText: null,
          lastAt: null,
          createdAt: noon,
          assignedAt: null,
          offerExpiresAt: null,
          version: 1,
          ...traits,
        },
      ],
    });
    return id;
  });
}

/** The row of a lead's message, with an id reserved in this transaction. */
export async function messageRow(
  tx: Tx,
  given: Partial<NewRow<'message'>> & { contactId: ContactId; sourceId: SourceId },
): Promise<NewRow<'message'>> {
  return {
    id: (await tx.sql.reserveIds({ message: 1 })).message[0]!,
    author: 'lead',
    operatorId: null,
    text: 'hello',
    attachments: [],
    status: null,
    clientId: null,
    externalId: null,
    replyTo: null,
    raw: null,
    sentAt: null,
    editedAt: null,
    createdAt: noon,
    ...given,
  };
}

/** An event that means nothing but its number. */
export function numbered(n: number): NewEvent {
  return {
    type: 'operator.updated',
    at: noon,
    sourceId: null,
    contactId: null,
    statusBefore: null,
    statusAfter: null,
    operatorBefore: null,
    operatorAfter: n as OperatorId,
    actor: 'system',
    reason: null,
    wire: { name: `event ${n}` } as NewEvent['wire'],
  };
}

/**
 * Resolves when a writer waits for another one's lock, or so many do. SQLite has one writer at a time: whoever comes
 * second waits at the gate from the start.
 */
export async function somebodyWaits({ store }: Pick<Ground, 'store'>, count = 1): Promise<void> {
  if (store.dialect === 'sqlite') return;
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect
    .poll(async () => (await store.em().execute<unknown[]>(waiting)).length, { timeout: 10_000, interval: 5 })
    .toBeGreaterThanOrEqual(count);
}

/** Draws that are the same in every run (a linear congruence, Numerical Recipes). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
