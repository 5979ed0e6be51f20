import { describe, expect, test } from 'vitest';
import { type Holdings, type HoldingsOptions, startHoldings } from '../../src/bots/holdings.ts';
import type { SourceId } from '../../src/contract/ids.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { deleteSource } from '../../src/desk/delete-source.ts';
import { takeLeases } from '../../src/desk/leases.ts';
import { setPresence } from '../../src/desk/set-presence.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import { admin, databases, hasOperator, hasSource, opens, openTestDesk } from '../support/desk.ts';
import { nextEvent } from './support/bots.ts';
import { openLogJournal } from './support/log-journal.ts';

const QUICK = { ttlMs: 900, everyMs: 100, backoff: () => 50 };

function starts(desk: Desk, gateway: string, more: Partial<HoldingsOptions> = {}): Promise<Holdings> {
  const { log } = openLogJournal();
  return startHoldings({ desk, feed: desk.store.feed, log, gateway, isSole: false, ...QUICK, ...more });
}

/** Resolves as soon as what the gateways hold is as wanted. */
function until(gateways: Holdings[], isSo: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = (): Promise<void> => {
    if (isSo()) resolve();
    return Promise.resolve();
  };
  const ends = gateways.map((gateway) => gateway.subscribe(check));
  void check();
  return promise.finally(() => ends.forEach((end) => end()));
}

const counts = (gateways: Holdings[]) => gateways.map((gateway) => gateway.ids().length);

async function hasBots(desk: Desk, count: number): Promise<SourceId[]> {
  const ids = [];
  for (let n = 0; n < count; n++) ids.push(await hasSource(desk, { kind: 'telegram' }));
  return ids;
}

test('gateways share the sources evenly, whoever comes and goes', async () => {
  await using desk = await openTestDesk('postgresql');
  const sources = await hasBots(desk, 7);
  const a = await starts(desk, 'a');
  expect(counts([a])).toEqual([7]);

  await using b = await starts(desk, 'b');
  await until([a, b], () => counts([a, b]).join() === '4,3');
  await using c = await starts(desk, 'c');
  await until([a, b, c], () => counts([a, b, c]).join() === '3,3,1' || counts([a, b, c]).join() === '3,2,2');
  await a[Symbol.asyncDispose]();
  await until([b, c], () => b.ids().length + c.ids().length === 7);

  expect([...b.ids(), ...c.ids()].toSorted((x, y) => x - y)).toEqual(sources);
  expect(Math.max(...counts([b, c]))).toBe(4);
});

test('what a dead gateway has left is taken over when its lease has ended, and not before', async () => {
  await using desk = await openTestDesk('postgresql');
  const [source] = await hasBots(desk, 1);
  const dead = { gateway: 'dead', ttlMs: 400, isSole: false };
  const since = performance.now();
  await takeLeases(desk, dead, ['gateway:dead', `source:${source}`]);

  await using a = await starts(desk, 'a');
  const before = a.ids();
  await until([a], () => a.ids().length === 1);
  const passed = performance.now() - since;

  expect(before).toEqual([]);
  expect(passed).toBeGreaterThanOrEqual(dead.ttlMs);
  expect(a.of(source!)!.fence).toEqual({ lease: `source:${source}`, epoch: 2 });
});

test('a gateway that was frozen knows that it may have lost everything before it asks', async () => {
  await using desk = await openTestDesk('postgresql');
  const [source] = await hasBots(desk, 1);
  // It renews so seldom that its leases end in between, as those of a frozen process do.
  await using frozen = await starts(desk, 'frozen', { ttlMs: 300, everyMs: 60_000 });
  const holding = frozen.of(source!)!;
  const lost = until([frozen], () => frozen.ids().length === 0);

  await using other = await starts(desk, 'other');
  await Promise.all([lost, until([other], () => other.ids().length === 1)]);

  expect(holding.isHeld()).toBe(false);
  expect(other.of(source!)!.fence!.epoch).toBeGreaterThan(holding.fence!.epoch);
});

test('what nobody has taken meanwhile is held again, and followers hear of it', async () => {
  await using desk = await openTestDesk('postgresql');
  const [source] = await hasBots(desk, 1);
  // It renews a little too late each time.
  await using slow = await starts(desk, 'slow', { ttlMs: 300, everyMs: 600 });
  await until([slow], () => slow.ids().length === 0);

  await until([slow], () => slow.ids().length === 1);

  expect(slow.of(source!)!.isHeld()).toBe(true);
});

test('what is lost is left at once, whatever cannot be read after that', async () => {
  await using desk = await openTestDesk('postgresql');
  const [source] = await hasBots(desk, 1);
  let isReadable = true;
  const em = (): ReturnType<typeof desk.store.em> => {
    if (!isReadable) throw new Error('cannot be read');
    return desk.store.em();
  };
  await using a = await starts({ ...desk, store: { ...desk.store, em } }, 'a');
  const holding = a.of(source!)!;
  const left = until([a], () => !holding.isHeld());

  isReadable = false;
  await desk.store.write((tx) =>
    tx.em.execute(`update lease set holder = 'b', epoch = 7 where name like 'source:%'`),
  );
  await left;

  expect(a.ids()).toEqual([]);
  isReadable = true;
});

test('a source is given back only when nothing of it runs any more', async () => {
  await using desk = await openTestDesk('postgresql');
  await hasBots(desk, 2);
  await using a = await starts(desk, 'a');
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  a.subscribe(() => {
    ask();
    return ended;
  });

  await using b = await starts(desk, 'b');
  await asked;
  const meanwhile = b.ids().length;
  end();
  await until([b], () => b.ids().length === 1);

  expect(meanwhile).toBe(0);
});

test('an operator at a gateway that died is offline when the time to come back is over', async () => {
  await using desk = await openTestDesk('postgresql');
  const [here, there] = [await hasOperator(desk), await hasOperator(desk)];
  await setPresence(desk, { operatorId: here, gateway: 'dead', isOnline: true });
  await setPresence(desk, { operatorId: here, gateway: 'a', isOnline: true });
  await setPresence(desk, { operatorId: there, gateway: 'dead', isOnline: true });
  await takeLeases(desk, { gateway: 'dead', ttlMs: -60_000, isSole: false }, ['gateway:dead']);
  const told = nextEvent(
    desk,
    ({ data }) => data.id === there && 'presence' in data && data.presence === 'offline',
  );

  await using _ = await starts(desk, 'a', { graceMs: 0 });

  await told;
  const operators = await desk.store.em().find(Operator, {}, { orderBy: { id: 'asc' } });
  expect(operators.map(({ isOnline }) => isOnline)).toEqual([true, false]);
});

describe.each(databases)('the only gateway on %s', (database) => {
  test('holds everything at once, whoever was there before, and what comes later', async () => {
    await using desk = await openTestDesk(database);
    const sources = await hasBots(desk, 3);
    await hasSource(desk, { kind: 'api' });
    await takeLeases(desk, { gateway: 'earlier', ttlMs: 1e9, isSole: false }, [
      'source:1',
      'gateway:earlier',
    ]);

    await using sole = await starts(desk, 'sole', { isSole: true });

    expect(sole.ids()).toEqual(sources);
    expect(sole.of(sources[0]!)).toMatchObject({ fence: null });
    await deleteSource(desk, admin, String(sources[0]));
    await until([sole], () => sole.ids().length === 2);
    expect(sole.of(sources[0]!)).toBeNull();
  });

  test('leaves operators the time to come back after its own start, however long nobody ran', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { onOffline: 'requeue' });
    const on = { [source]: 1 };
    const [ann, bob] = [await hasOperator(desk, { on }), await hasOperator(desk, { on })];
    for (const operatorId of [ann, bob])
      await setPresence(desk, { operatorId, gateway: 'earlier', isOnline: true });
    const [first, second] = [await opens(desk, source, 'first'), await opens(desk, source, 'second')];
    await assignContact(desk, admin, first.id, { operator_id: ann });
    await assignContact(desk, admin, second.id, { operator_id: bob });
    await takeLeases(desk, { gateway: 'earlier', ttlMs: -1e9, isSole: false }, ['gateway:earlier']);
    const offline = nextEvent(desk, ({ data }) => 'presence' in data && data.presence === 'offline');

    await using _ = await starts(desk, 'now', { isSole: database === 'sqlite', graceMs: 400 });
    const atStart = await desk.store.em().count(Operator, { isOnline: true });
    await setPresence(desk, { operatorId: ann, gateway: 'now', isOnline: true });
    const told = await offline;
    await desk.drains.idle();

    expect(atStart).toBe(2);
    expect(told.data).toMatchObject({ id: bob });
    expect((await getContact(desk, admin, first.id)).operator_id).toBe(ann);
    expect((await getContact(desk, admin, second.id)).operator_id).not.toBe(bob);
  });
});
