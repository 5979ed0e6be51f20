import { describe, expect, test } from 'vitest';
import type { ContactId, SourceId } from '../../src/contract/ids.ts';
import { SourceCreate } from '../../src/contract/source.ts';
import { createSource } from '../../src/desk/create-source.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { watchPlaces } from '../../src/desk/places-told.ts';
import { receiveReach } from '../../src/desk/receive-reach.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { nextEvent } from '../bots/support/bots.ts';
import { admin, databases, hasOperator, hasSource, openTestDesk, writes } from '../support/desk.ts';
import { closes, customer, customers, queueNotice, reach, said, telling, textsOf } from './notices.ts';

/** Resolves when a bot says this, in this contact where one is named. */
const says = (desk: Desk, text: string, contact?: ContactId) =>
  nextEvent(
    desk,
    ({ data, contactId }) =>
      'author' in data &&
      data.author === 'bot' &&
      data.text === text &&
      (contact === undefined || contactId === contact),
  );

/** The desk with every commit that the watcher begins noted in `begun`; the first `failures` of them fail. */
function observed(desk: Desk, failures = 0): { desk: Desk; begun: number[] } {
  const begun: number[] = [];
  const write: Desk['store']['write'] = (work) => {
    begun.push(performance.now());
    return begun.length > failures ? desk.store.write(work) : Promise.reject(new Error('no database'));
  };
  return { desk: { ...desk, store: { ...desk.store, write } }, begun };
}

describe.each(databases)('on %s', (database) => {
  test('whoever begins to wait hears of it at once, and again when the queue has moved enough', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    await using _ = await watchPlaces(desk);
    const firstTold = says(desk, 'You are 1.');
    const first = await customer(desk, source, 1);
    await firstTold;
    const secondTold = says(desk, 'You are 2.');
    const second = await customer(desk, source, 2);
    await secondTold;
    const moved = says(desk, 'You are 1.');

    await closes(desk, first);
    await moved;

    expect(await said(desk)).toEqual([
      [first, 'You are 1.'],
      [second, 'You are 2.'],
      [second, 'You are 1.'],
    ]);
  });

  test('who waits is told when the notice is turned on, or its source is, and nobody when it is off', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram', isActive: false });
    await customers(desk, source, 2);
    await using _ = await watchPlaces(desk);

    await updateSource(desk, admin, String(source), { queue_notices: { ru: 'Вы {place}-й.' } });
    await updateSource(desk, admin, String(source), { queue_notice: queueNotice });
    const told = says(desk, 'You are 2.');
    await updateSource(desk, admin, String(source), { is_active: true });
    await told;
    const before = await textsOf(desk);
    await updateSource(desk, admin, String(source), { queue_notice: null, queue_notices: {} });
    await customer(desk, source, 3);
    const other = says(desk, 'Number 1');
    const news = await createSource(
      desk,
      admin,
      SourceCreate.parse({ name: 'news', code: 'news', queue_notice: 'Number {place}' }),
    );
    await writes(desk, news.id, 'ann');
    await other;

    expect(before).toEqual(['You are 1.', 'You are 2.']);
    expect(await textsOf(desk)).toEqual([...before, 'Number 1']);
  });

  test('what changed while no gateway ran is told at its start, and nothing once more', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    const [first, second, third] = await customers(desk, source, 3);
    const allTold = says(desk, 'You are 3.');
    const before = await watchPlaces(desk);
    await allTold;
    await before[Symbol.asyncDispose]();
    await closes(desk, first!);
    const fourth = await customer(desk, source, 4);

    const told = says(desk, 'You are 3.');
    await using _ = await watchPlaces(desk);
    await told;

    expect(await said(desk)).toEqual([
      [first, 'You are 1.'],
      [second, 'You are 2.'],
      [third, 'You are 3.'],
      [second, 'You are 1.'],
      [fourth, 'You are 3.'],
    ]);
  });

  test.each<[string, (desk: Desk, source: SourceId) => Promise<unknown>]>([
    ['the channel says so', (desk, source) => receiveReach(desk, reach(source, 1, true, new Date()))],
    ['it writes', (desk, source) => customer(desk, source, 1)],
  ])('a lead that can be reached again is told when %s, without anybody moving', async (_, returns) => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    const first = await customer(desk, source, 1);
    await receiveReach(desk, reach(source, 1, false, new Date()));
    await using __ = await watchPlaces(desk);

    const told = says(desk, 'You are 1.', first);
    await returns(desk, source);
    await told;

    expect(await said(desk)).toEqual([[first, 'You are 1.']]);
  });

  test('a source without a notice costs no look', async () => {
    await using desk = await openTestDesk(database);
    const quiet = await hasSource(desk, { kind: 'telegram' });
    const loud = await hasSource(desk, telling);
    const watched = observed(desk);
    await using _ = await watchPlaces(watched.desk);
    await hasOperator(desk, { on: { [quiet]: 1 } });
    for (let n = 1; n <= 20; n++) await customer(desk, quiet, n);
    const told = says(desk, 'You are 1.');

    await customer(desk, loud, 99);
    await told;

    // One for the source that has a notice at the start, and one when somebody waits there.
    expect(watched.begun.length).toBeLessThanOrEqual(2);
  });

  test('while a queue moves on and on, it is looked at about once a second', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    const watched = observed(desk);
    await using _ = await watchPlaces(watched.desk);
    const begin = performance.now();

    let n = 0;
    while (performance.now() - begin < 2_500) await customer(desk, source, ++n);

    expect(n).toBeGreaterThan(10);
    expect(watched.begun.length).toBeGreaterThan(1);
    expect(watched.begun.length).toBeLessThanOrEqual(4);
  });

  test('a look that fails is tried again, though nothing moves', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    await customer(desk, source, 1);
    const told = says(desk, 'You are 1.');

    await using _ = await watchPlaces(observed(desk, 2).desk);
    await told;

    expect(await textsOf(desk)).toEqual(['You are 1.']);
  });

  test('nothing is told any more when it is disposed of', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    const told = says(desk, 'You are 1.');
    const watched = observed(desk);
    const watch = await watchPlaces(watched.desk);
    await customer(desk, source, 1);
    await told;

    await watch[Symbol.asyncDispose]();
    const looks = watched.begun.length;
    await customer(desk, source, 2);

    expect(watched.begun.length).toBe(looks);
    expect(await textsOf(desk)).toEqual(['You are 1.']);
  });
});

test('two gateways that watch one database tell each change once', async () => {
  await using one = await openTestDesk('postgresql');
  const source = await hasSource(one, telling);
  await using other = await openTestDesk('postgresql', { url: one.databaseUrl });
  await using _ = await watchPlaces(one);
  await using __ = await watchPlaces(other);

  const allTold = says(one, 'You are 8.');
  const contacts = await customers(one, source, 8);
  await allTold;
  const lastTold = says(other, 'You are 4.', contacts[7]);
  for (const id of contacts.slice(0, 4)) await closes(other, id);
  await lastTold;
  // Both have looked by now: whoever is told after them would be told behind what they said twice.
  const ninth = says(one, 'You are 5.');
  await customer(one, source, 9);
  await ninth;

  const told = Map.groupBy(await said(one), ([id]) => id);
  const all = [...told.values()].flatMap((lines) => lines.map(([id, text]) => `${id}: ${text}`));
  expect(new Set(all).size).toBe(all.length);
  expect([...told.keys()].toSorted((a, b) => a - b)).toHaveLength(9);
});
