import { describe, expect, test } from 'vitest';
import { claimDelivery } from '../../src/desk/claim-delivery.ts';
import {
  assertFence,
  Fenced,
  type Holder,
  listLeases,
  releaseLeases,
  renewLeases,
  takeLeases,
} from '../../src/desk/leases.ts';
import { receiveEdit } from '../../src/desk/receive-edit.ts';
import { settleDelivery } from '../../src/desk/settle-delivery.ts';
import { Message } from '../../src/store/entities/message.ts';
import { somebodyWaits } from '../store/ground.ts';
import { databases, hasSource, openTestDesk, type TestDesk, writes } from '../support/desk.ts';

const LONG = 3_600_000;
const holder = (gateway: string, ttlMs = LONG): Holder => ({ gateway, ttlMs, isSole: false });
const taken = async (desk: TestDesk, by: Holder, ...names: string[]) =>
  Object.fromEntries(await takeLeases(desk, by, names));

describe.each(databases)('leases on %s', (database) => {
  test('of two that want a lease one gets it, and keeps it while it renews', async () => {
    await using desk = await openTestDesk(database);

    const both = await Promise.all([
      takeLeases(desk, holder('a'), ['source:1']),
      takeLeases(desk, holder('b'), ['source:1']),
    ]);

    expect(both.map(({ size }) => size).toSorted((a, b) => a - b)).toEqual([0, 1]);
    const winner = both[0].size === 1 ? 'a' : 'b';
    expect(await listLeases(desk)).toEqual([{ name: 'source:1', holder: winner, isLive: true }]);
    expect(Object.fromEntries(await renewLeases(desk, holder(winner)))).toEqual({ 'source:1': 1 });
  });

  test('one that has ended goes to whoever asks first, in a new epoch; its old holder has lost it', async () => {
    await using desk = await openTestDesk(database);
    await taken(desk, holder('a', 0), 'source:1', 'source:2');

    expect(await taken(desk, holder('b'), 'source:1')).toEqual({ 'source:1': 2 });

    expect(Object.fromEntries(await renewLeases(desk, holder('a')))).toEqual({ 'source:2': 1 });
    expect(await taken(desk, holder('a'), 'source:1')).toEqual({});
  });

  test('one that is given back is free at once', async () => {
    await using desk = await openTestDesk(database);
    await taken(desk, holder('a'), 'source:1', 'source:2');

    await releaseLeases(desk, holder('a'), ['source:1']);
    await renewLeases(desk, holder('a'));

    expect(await taken(desk, holder('b'), 'source:1', 'source:2')).toEqual({ 'source:1': 2 });
  });

  test('where no other gateway can be there, what an earlier run held is taken', async () => {
    await using desk = await openTestDesk(database);
    await taken(desk, holder('earlier'), 'source:1');

    const sole = { gateway: 'now', ttlMs: LONG, isSole: true };

    expect(await taken(desk, sole, 'source:1')).toEqual({ 'source:1': 2 });
  });

  test('nothing of who has lost its lease is kept', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram' });
    await taken(desk, holder('a', 0), 'source:1');
    const stale = { lease: 'source:1', epoch: 1 };
    await taken(desk, holder('b'), 'source:1');

    const late = [
      () => writes(desk, source, 'tg:1', { externalId: '1:1', fence: stale }),
      () =>
        receiveEdit(desk, {
          sourceId: source,
          externalId: '1:1',
          text: 'x',
          editedAt: new Date(),
          raw: null,
          fence: stale,
        }),
      () => claimDelivery(desk, 1, stale),
      () => settleDelivery(desk, 1, { kind: 'sent', externalId: null }, stale),
    ];

    for (const write of late) await expect(write()).rejects.toThrow(Fenced);
    expect(await desk.store.em().count(Message)).toBe(0);
    const fence = { lease: 'source:1', epoch: 2 };
    await writes(desk, source, 'tg:1', { externalId: '1:1', fence });
    expect(await desk.store.em().count(Message)).toBe(1);
  });

  test('a batch is refused only as far as its bots are served by somebody else', async () => {
    await using desk = await openTestDesk(database);
    const [one, two] = [await hasSource(desk), await hasSource(desk)];
    await taken(desk, holder('a', 0), 'source:1', 'source:2');
    await taken(desk, holder('b'), 'source:1');

    const results = await Promise.allSettled([
      writes(desk, one, 'ann', { fence: { lease: 'source:1', epoch: 1 } }),
      writes(desk, two, 'bob', { fence: { lease: 'source:2', epoch: 1 } }),
      writes(desk, two, 'cid'),
    ]);

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });
});

test('a lease is not taken while a write that shows it is under way', async () => {
  await using desk = await openTestDesk('postgresql');
  await taken(desk, holder('a', 0), 'source:1');
  const order: string[] = [];
  const { promise: isShown, resolve: shown } = Promise.withResolvers<void>();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();

  const write = desk.store.write(async (tx) => {
    await assertFence(tx, desk, { lease: 'source:1', epoch: 1 });
    shown();
    await mayEnd;
    order.push('written');
  });
  await isShown;
  const taking = taken(desk, holder('b'), 'source:1').then(() => order.push('taken'));
  await somebodyWaits(desk);
  expect(Object.fromEntries(await renewLeases(desk, holder('a', 0)))).toEqual({ 'source:1': 1 });
  end();
  await Promise.all([write, taking]);

  expect(order).toEqual(['written', 'taken']);
});
