import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { sqliteFile } from '../../mikro-orm.config.ts';
import type { Role } from '../../src/contract/access.ts';
import type { Strategy } from '../../src/contract/decision.ts';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import type { OpenedContact } from '../../src/contract/contact.ts';
import type { Availability } from '../../src/contract/operator.ts';
import type { OnOffline, ReturnPolicy, SourceKind } from '../../src/contract/source.ts';
import { type Caller, ENVIRONMENT } from '../../src/desk/actor.ts';
import type { MessageArrival, Receipt } from '../../src/desk/arrival.ts';
import type { Clock, Desk } from '../../src/desk/desk.ts';
import { openContact } from '../../src/desk/open-contact.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { receiveMessage } from '../../src/desk/receive.ts';
import { openLog } from '../../src/log.ts';
import { Event } from '../../src/store/entities/event.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import { Presence } from '../../src/store/entities/presence.ts';
import { SourceOperator } from '../../src/store/entities/source-operator.ts';
import type { FeedEvent } from '../../src/store/feed.ts';
import { Source } from '../../src/store/entities/source.ts';
import { SECRET_KEY } from './gateway.ts';
import { freshPostgres, migratedPostgres } from './postgres.ts';

/** Every suite of the store, the desk and HTTP runs on both. */
export const databases = ['sqlite', 'postgresql'] as const;
export type Database = (typeof databases)[number];

export type TestDatabase = AsyncDisposable & { url: string };

/** An empty database of its own. */
export async function freshDatabase(database: Database): Promise<TestDatabase> {
  return database === 'postgresql' ? freshPostgres() : freshSqlite();
}

async function freshSqlite(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'leadgate-'));
  return {
    url: `sqlite:${join(folder, 'leadgate.db')}`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A database of its own that is ready to be opened: the dearest part of a small test is left out. */
export async function readyDatabase(database: Database): Promise<TestDatabase> {
  if (database === 'postgresql') return migratedPostgres();
  const fresh = await freshSqlite();
  await copyFile(inject('sqliteTemplate'), sqliteFile(fresh.url));
  return fresh;
}

export type TestDesk = Desk & AsyncDisposable & { databaseUrl: string };
type Options = { clock?: Clock; url?: string; routingSeed?: string };

/** A desk on an empty database of its own, or on the one at `url`. */
export async function openTestDesk(database: Database, options: Options = {}): Promise<TestDesk> {
  await using opening = new AsyncDisposableStack();
  const url = options.url ?? opening.use(await readyDatabase(database)).url;
  const desk = await openDesk({
    databaseUrl: url,
    secretKey: Buffer.from(SECRET_KEY, 'base64'),
    routingSeed: options.routingSeed ?? 'a fixed seed',
    log: openLog('silent'),
    ...(options.clock && { clock: options.clock }),
  });
  opening.use(desk);
  const opened = opening.move();
  return { ...desk, databaseUrl: url, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** A clock that stands still until it is told to go on. */
export function stoppedClock(start = '2026-01-01T00:00:00.000Z'): Clock & { advance(ms: number): void } {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance(ms) {
      now += ms;
    },
  };
}

export const admin = ENVIRONMENT;

export const supervisor: Caller = { ...admin, role: 'supervisor' };

/** Somebody who acts as this operator. */
export function actingAs(operatorId: OperatorId, role: Role = 'operator'): Caller {
  return { ...admin, role, operatorId };
}

type OperatorTraits = {
  name?: string;
  role?: Role;
  isActive?: boolean;
  availability?: Availability;
  isOnline?: boolean;
  maxLoad?: number;
  /** What the row says, for tests of the store alone: no contact stands behind it. */
  load?: number;
  /** Weights by source. */
  on?: Record<number, number>;
};

let names = 0;

/** What a builder of rows needs: a desk, or a store with a clock. */
type Ground = Pick<Desk, 'store' | 'clock'>;

export function hasOperator(desk: Ground, traits: OperatorTraits = {}): Promise<OperatorId> {
  const { on = {}, ...given } = traits;
  const now = desk.clock.now();
  return desk.store.write(async (tx) => {
    const operator = tx.em.create(Operator, {
      name: `Operator ${++names}`,
      role: 'operator',
      isActive: true,
      availability: 'available',
      isOnline: false,
      maxLoad: 10,
      load: 0,
      createdAt: now,
      updatedAt: now,
      ...given,
    });
    await tx.em.flush();
    if (operator.isOnline) tx.em.create(Presence, { operator: operator.id, gateway: 'here' });
    for (const [source, weight] of Object.entries(on))
      tx.em.create(SourceOperator, { source: Number(source) as SourceId, operator: operator.id, weight });
    await tx.em.flush();
    return operator.id;
  });
}

type SourceTraits = {
  code?: string;
  kind?: SourceKind;
  isActive?: boolean;
  requirePresence?: boolean;
  strategy?: Strategy;
  returnPolicy?: ReturnPolicy['kind'];
  callbackUrl?: string;
  greeting?: string;
  greetings?: Record<string, string>;
  priority?: number;
  reopenMinutes?: number;
  offerSeconds?: number;
  onOffline?: OnOffline;
  queueNotice?: string;
  queueNotices?: Record<string, string>;
};

export function hasSource(desk: Ground, traits: SourceTraits = {}): Promise<SourceId> {
  const now = desk.clock.now();
  const code = traits.code ?? `source-${++names}`;
  return desk.store.write(async (tx) => {
    const source = tx.em.create(Source, {
      name: code,
      kind: 'api',
      isActive: true,
      strategy: 'weighted_random',
      returnPolicy: 'route',
      requirePresence: false,
      createdAt: now,
      updatedAt: now,
      ...traits,
      code,
    });
    await tx.em.flush();
    return source.id;
  });
}

/** Opens a contact by the API. */
export async function opens(desk: Desk, sourceId: SourceId, externalId: string): Promise<OpenedContact> {
  return (await openContact(desk, admin, { external_id: externalId, source_id: sourceId }, null)).contact;
}

type Words = Partial<Omit<MessageArrival, 'sourceId' | 'lead'>> & { name?: string; language?: string };

/** A lead writes through a channel. */
export function writes(desk: Desk, sourceId: SourceId, leadId: string, words: Words = {}): Promise<Receipt> {
  const { name = null, language = null, ...given } = words;
  return receiveMessage(desk, {
    sourceId,
    externalId: null,
    lead: { externalId: leadId, name, phone: null, email: null, language },
    chat: null,
    text: 'hello',
    attachments: [],
    sentAt: null,
    replyTo: null,
    raw: null,
    ...given,
  });
}

/** A contact that waits though its source has these operators: none of them takes anything by itself now. */
export async function waits(desk: Desk, sourceId: SourceId, externalId = 'lead'): Promise<OpenedContact> {
  const contact = await opens(desk, sourceId, externalId);
  if (contact.status !== 'waiting') throw new Error(`contact ${contact.id} found an operator`);
  // On PostgreSQL it is looked at once more; afterwards nothing moves by itself.
  await desk.drains.idle();
  return contact;
}

/** What was told of a contact so far, oldest first, as `type from → to`. */
export async function movesOf(desk: Desk, contactId: number): Promise<string[]> {
  const rows = await desk.store
    .em()
    .find(
      Event,
      { contactId: contactId as ContactId, type: { $like: 'contact.%' } },
      { orderBy: { id: 'asc' } },
    );
  return rows.map(
    ({ type, operatorBefore, operatorAfter, actor, reason }) =>
      `${type.slice('contact.'.length)} ${operatorBefore ?? '-'} → ${operatorAfter ?? '-'} by ${actor}${reason ? `: ${reason}` : ''}`,
  );
}

/**
 * Everything that was ever told, oldest first. On PostgreSQL the feed tells nothing while an older transaction runs
 * anywhere on the server, so this asks until it has all that is committed.
 */
export async function everythingTold(desk: Desk): Promise<FeedEvent[]> {
  for (;;) {
    const committed = await desk.store.em().count(Event);
    const told = await desk.store.feed.after('0.0', 10_000);
    if (told !== null && told.length >= committed) return told;
    if (committed === 0) return [];
  }
}

/** The load in an operator's row, beside the number of contacts that are really assigned. */
export async function loadsOf(
  desk: Desk,
): Promise<{ id: OperatorId; load: number; counted: number; maxLoad: number }[]> {
  const rows: { id: number | string; load: number; max_load: number; counted: number | string }[] =
    await desk.store.em().execute(
      `select o.id, o.load, o.max_load,
              (select count(*) from contact c where c.operator_id = o.id and c.status = 'assigned') as counted
         from operator o order by o.id`,
    );
  return rows.map((row) => ({
    id: Number(row.id) as OperatorId,
    load: row.load,
    counted: Number(row.counted),
    maxLoad: row.max_load,
  }));
}
