import { describe, expect, test } from 'vitest';
import { Event } from '../../src/store/entities/event.ts';
import type { FeedEvent } from '../../src/store/feed.ts';
import { openStore } from '../../src/store/open.ts';
import { databases } from '../support/desk.ts';
import { type Ground, noon, numbered, openGround, seeded } from './ground.ts';

/** Resolves when all of them were told: on PostgreSQL that waits for whoever writes beside us in the cluster. */
async function tells({ store }: Pick<Ground, 'store'>, ...numbers: number[]): Promise<void> {
  const told = Promise.withResolvers<void>();
  let left = numbers.length;
  const unsubscribe = store.feed.subscribe((events) => {
    left -= events.length;
    if (left <= 0) told.resolve();
  });
  for (const n of numbers) await store.write(async (tx) => void tx.events.push(numbered(n)));
  await told.promise;
  unsubscribe();
}

const numbersOf = (events: FeedEvent[] | null): (number | null)[] =>
  (events ?? []).map((event) => event.operatorAfter);

/** With what it tells, which is read when it is asked for. */
const whole = (event: FeedEvent): FeedEvent => ({
  ...event,
  cursor: event.cursor,
  at: event.at,
  data: event.data,
});

const idOf = (event: FeedEvent): number => Number(event.cursor.split('.')[1]);

/** Follows the feed by its cursor alone until `count` events were read. */
async function follow({ store }: Ground, count: number): Promise<FeedEvent[]> {
  const read: FeedEvent[] = [];
  for (let cursor = '0.0'; read.length < count;) {
    const found = await store.feed.after(cursor, 7);
    read.push(...found!);
    cursor = found!.at(-1)?.cursor ?? cursor;
  }
  return read;
}

/** Eight writers, each with `each` transactions of one to three events that linger before they commit. */
function writesFromAllSides({ store }: Ground, each: number): Promise<unknown> {
  return Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      const draw = seeded(writer + 1);
      for (let n = 0; n < each; n++) {
        const first = (writer * each + n) * 3 + 1;
        await store.write(async (tx) => {
          tx.events.push(numbered(first), numbered(first + 1), numbered(first + 2));
          // The transaction's number is given out here, long before its commit.
          if (store.dialect === 'postgresql')
            await tx.em.execute('select pg_current_xact_id(), pg_sleep(?)', [draw() / 50]);
        });
      }
    }),
  );
}

describe.each(databases)('the feed on %s', (database) => {
  test('tells what happened in the words of the transaction that wrote it', async () => {
    await using ground = await openGround(database);
    const told = new Promise<FeedEvent[]>((resolve) => ground.store.feed.subscribe(resolve));

    await tells(ground, 7);

    const event = {
      cursor: expect.any(String),
      type: 'operator.updated',
      at: noon.toISOString(),
      sourceId: null,
      contactId: null,
      statusBefore: null,
      statusAfter: null,
      operatorBefore: null,
      operatorAfter: 7,
      data: { name: 'event 7' },
    };
    expect((await told).map(whole)).toEqual([event]);
    expect((await ground.store.feed.after('0.0', 10))!.map(whole)).toEqual((await told).map(whole));
  });

  test('gives the events after a cursor, oldest first and no more than asked for', async () => {
    await using ground = await openGround(database);
    await tells(ground, 1, 2, 3, 4, 5);
    const { feed } = ground.store;

    const first = await feed.after('0.0', 2);
    const second = await feed.after(first!.at(-1)!.cursor, 2);
    const third = await feed.after(second!.at(-1)!.cursor, 2);

    expect([first, second, third].map(numbersOf)).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('stands where nothing comes after it, until something happens', async () => {
    await using ground = await openGround(database);
    const { feed } = ground.store;
    const atTheBeginning = await feed.cursor();
    await tells(ground, 1, 2);
    const now = await feed.cursor();

    const nothing = await feed.after(now, 10);
    await tells(ground, 3);

    expect(nothing).toEqual([]);
    expect(numbersOf(await feed.after(now, 10))).toEqual([3]);
    expect(numbersOf(await feed.after(atTheBeginning, 10))).toEqual([1, 2, 3]);
  });

  test('orders cursors as the events were committed', async () => {
    await using ground = await openGround(database);
    const { feed } = ground.store;
    await tells(ground, ...Array.from({ length: 12 }, (_, n) => n));
    const cursors = (await feed.after('0.0', 20))!.map((event) => event.cursor);

    const sorted = cursors.toReversed().sort((a, b) => feed.compare(a, b));

    expect(sorted).toEqual(cursors);
    expect(feed.compare(cursors[3]!, cursors[3]!)).toBe(0);
    expect(feed.compare('no cursor', cursors[0]!)).toBeLessThan(0);
  });

  test.each(['', 'abc', '1', '1.2.3', '-1.5', '1e3.0', '0.99999999999999999', "0.0' or 1=1"])(
    'does not follow %j: it is no cursor',
    async (cursor) => {
      await using ground = await openGround(database);
      await tells(ground, 1);

      expect(await ground.store.feed.after(cursor, 10)).toBeNull();
    },
  );

  test('does not follow a cursor from behind its end, as after a restore', async () => {
    await using ground = await openGround(database);
    await tells(ground, 1);
    const [xid, id] = (await ground.store.feed.cursor()).split('.').map(Number) as [number, number];

    expect(await ground.store.feed.after(`${xid}.${id + 1}`, 10)).toBeNull();
    expect(await ground.store.feed.after(`${xid + 1_000_000}.${id}`, 10)).toBeNull();
  });

  test('does not follow a cursor that is too old: what came after it may be gone', async () => {
    await using ground = await openGround(database);
    const { feed, write } = ground.store;
    await tells(ground, 1, 2, 3);
    const [first, second] = (await feed.after('0.0', 10))!;

    await write((tx) => tx.em.nativeDelete(Event, { id: { $lt: idOf(second!) } }));

    expect(await feed.after(first!.cursor, 10)).toBeNull();
    expect(numbersOf(await feed.after(second!.cursor, 10))).toEqual([3]);
  });

  test('does not follow a cursor of the other kind of database', async () => {
    await using ground = await openGround(database);
    await tells(ground, 1, 2, 3);

    const foreign = database === 'sqlite' ? '731.2' : '0.2';

    expect(await ground.store.feed.after(foreign, 10)).toBeNull();
  });

  test('tells nobody who has left', async () => {
    await using ground = await openGround(database);
    const heard: (number | null)[] = [];
    const leave = ground.store.feed.subscribe((events) => heard.push(...numbersOf(events)));
    const other = new Promise<void>((resolve) => {
      ground.store.feed.subscribe((events) => {
        if (numbersOf(events).includes(2)) resolve();
      });
    });

    leave();
    await tells(ground, 1, 2);
    await other;

    expect(heard).toEqual([]);
  });

  test('gives every event exactly once to readers and listeners, whoever commits first', async () => {
    await using ground = await openGround(database);
    const heard: FeedEvent[] = [];
    const total = 8 * 12 * 3;
    const allHeard = new Promise<void>((resolve) => {
      ground.store.feed.subscribe((events) => {
        heard.push(...events);
        if (heard.length >= total) resolve();
      });
    });

    const [read] = await Promise.all([follow(ground, total), writesFromAllSides(ground, 12), allHeard]);

    const { compare } = ground.store.feed;
    const everyNumber = Array.from({ length: total }, (_, index) => index + 1);
    expect(numbersOf(read).toSorted((a, b) => a! - b!)).toEqual(everyNumber);
    expect(heard.map((event) => event.cursor)).toEqual(read.map((event) => event.cursor));
    expect(read.every((event, n) => n === 0 || compare(read[n - 1]!.cursor, event.cursor) < 0)).toBe(true);
  });
});

test('a gateway on PostgreSQL hears what another one commits', async () => {
  await using here = await openGround('postgresql');
  await using there = await openStore({ databaseUrl: here.databaseUrl, onError: () => {} });
  const heard = new Promise<FeedEvent[]>((resolve) => here.store.feed.subscribe(resolve));

  await tells({ store: there }, 5);

  expect(numbersOf(await heard)).toEqual([5]);
});
