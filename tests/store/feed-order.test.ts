import { expect, test } from 'vitest';
import type { FeedEvent } from '../../src/store/feed.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { connect } from '../support/postgres.ts';
import { noon, numbered, openGround, seeded } from './ground.ts';

const WRITERS = 8;
const EACH = 25;

/** Writes an event in steps: its id first, its number later, and it commits later still. */
async function writesInSteps(url: string) {
  const client = await connect(url);
  return {
    async takesId(): Promise<string> {
      await client.query('begin');
      const { rows } = await client.query<{ id: string }>(`select nextval('event_id_seq') as id`);
      return rows[0]!.id;
    },
    async inserts(id: string, number: number): Promise<void> {
      await client.query(
        `insert into event (id, xid, at, type, operator_after, actor, data)
         values ($1, pg_current_xact_id()::text::int8, $2, 'operator.updated', $3, 'system', '{}')`,
        [id, noon, number],
      );
    },
    commits: () => client.query('commit'),
    pauses: (seconds: number) => client.query('select pg_sleep($1)', [seconds]),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** Transactions that commit out of order, each after a while of its own. */
async function lingers(url: string, writer: number): Promise<void> {
  await using steps = await writesInSteps(url);
  const draw = seeded(writer + 1);
  for (let n = 0; n < EACH; n++) {
    const id = await steps.takesId();
    await steps.pauses(draw() / 40);
    await steps.inserts(id, writer * EACH + n);
    await steps.pauses(draw() / 40);
    await steps.commits();
  }
}

/** One that had its id before another one, and commits when that has been read. */
async function comesLate(
  url: string,
  [late, early]: [number, number],
  isRead: () => Promise<void>,
): Promise<void> {
  await using one = await writesInSteps(url);
  await using other = await writesInSteps(url);
  // The first id of thirty-two gives its transaction a number as well, which would hold the horizon back.
  await one.takesId();
  await one.commits();
  const first = await one.takesId();
  await other.inserts(await other.takesId(), early);
  await other.commits();
  await isRead();
  await one.inserts(first, late);
  await one.commits();
}

/** A reader that remembers only the last id it has seen; adds to `read` until it is over. */
async function followsById(
  url: string,
  { horizon, read }: { horizon: string; read: number[] },
  isOver: () => boolean,
): Promise<void> {
  await using client = await connect(url);
  let last = 0;
  for (let isLast = false; !isLast;) {
    isLast = isOver();
    const { rows } = await client.query<{ id: string; operator_after: string }>(
      `select id, operator_after from event where id > $1 and ${horizon} order by id`,
      [last],
    );
    read.push(...rows.map((row) => Number(row.operator_after)));
    last = Number(rows.at(-1)?.id ?? last);
  }
}

test('eight writers that commit out of order: the feed tells every event once, a cursor by id loses some', async () => {
  await using here = await openGround('postgresql');
  await using there = await openStore({ databaseUrl: here.databaseUrl, onError: () => {} });
  const total = WRITERS * EACH + 2;
  const heard = [here.store, there].map(hears);
  let isWritten = false;
  const isOver = (): boolean => isWritten;

  const [naive, careful] = ['true', 'xid < pg_snapshot_xmin(pg_current_snapshot())::text::int8'].map(
    (horizon) => ({ horizon, read: [] as number[] }),
  );
  const following = Promise.all(
    [naive!, careful!].map((reader) => followsById(here.databaseUrl, reader, isOver)),
  );
  try {
    await comesLate(here.databaseUrl, [total - 2, total - 1], () =>
      expect.poll(() => naive!.read.length + careful!.read.length, { timeout: 10_000 }).toBe(2),
    );
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => lingers(here.databaseUrl, writer)));
    for (const events of heard) await hasHeard(events, total);
  } finally {
    isWritten = true;
    await following;
  }
  const everyNumber = Array.from({ length: total }, (_, n) => n);
  for (const events of heard) expect(numbersOf(events)).toEqual(everyNumber);
  expect(naive!.read.length).toBeLessThan(total);
  expect(careful!.read.length).toBeLessThan(total);
});

test('a gateway that lost its ear goes on hearing, and has it again soon', async () => {
  await using here = await openGround('postgresql');
  await using there = await openStore({ databaseUrl: here.databaseUrl, onError: () => {} });
  await using admin = await connect(here.databaseUrl);
  const ears = async (): Promise<number[]> => {
    const { rows } = await admin.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'leadgate feed' and datname = current_database()`,
    );
    return rows.map(({ pid }) => pid);
  };
  const heard = hears(here.store);
  const lost = await ears();

  for (let n = 0; n < 20; n++) {
    if (n === 5) await admin.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [lost]);
    await there.write(async (tx) => void tx.events.push(numbered(n)));
  }

  await hasHeard(heard, 20);
  expect(numbersOf(heard)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect(here.faults).toEqual([]);
  expect(lost).toHaveLength(2);
  const fresh = async (): Promise<number[]> => (await ears()).filter((pid) => !lost.includes(pid));
  await expect.poll(fresh, { timeout: 10_000 }).toHaveLength(2);
});

test('how far behind the feed is shows while a transaction runs on', async () => {
  await using here = await openGround('postgresql');
  await using other = await connect(here.databaseUrl);
  await other.query('begin');
  await other.query('select pg_current_xact_id()');
  const heard = hears(here.store);
  await here.store.write(async (tx) => void tx.events.push(numbered(1)));

  const behind = await here.store.feed.age();
  await other.query('commit');
  await hasHeard(heard, 1);

  expect(behind.lagSeconds).toBeGreaterThan(0);
  expect(behind.horizonSeconds).toBeGreaterThan(0);
  expect(await here.store.feed.age()).toMatchObject({ lagSeconds: 0 });
});

/** What a store tells from now on. */
function hears({ feed }: Store): FeedEvent[] {
  const heard: FeedEvent[] = [];
  feed.subscribe((events) => void heard.push(...events));
  return heard;
}

async function hasHeard(heard: FeedEvent[], count: number): Promise<void> {
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
}

function numbersOf(events: FeedEvent[]): number[] {
  return events.map((event) => Number(event.operatorAfter)).toSorted((a, b) => a - b);
}

test('many commits in a row are heard everywhere at once, and call the other gateways once in a while', async () => {
  await using here = await openGround('postgresql');
  await using there = await openStore({ databaseUrl: here.databaseUrl, onError: () => {} });
  await using ear = await connect(here.databaseUrl);
  let calls = 0;
  ear.on('notification', () => (calls += 1));
  await ear.query('listen leadgate_events');
  const heard = hears(there);

  const begun = performance.now();
  for (let n = 0; n < 200; n++) await here.store.write(async (tx) => void tx.events.push(numbered(n)));
  const most = 1 + (performance.now() - begun) / 100;
  await hasHeard(heard, 200);
  // What was called by now stands before the answer.
  await ear.query('select 1');

  expect(numbersOf(heard)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(most);
});
