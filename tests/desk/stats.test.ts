import { describe, expect, test } from 'vitest';
import { SummaryQuery } from '../../src/contract/stats.ts';
import type { SourceId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { distribution } from '../../src/desk/stats-distribution.ts';
import { operatorsLoad } from '../../src/desk/stats-load.ts';
import { queueStats } from '../../src/desk/stats-queue.ts';
import { summary } from '../../src/desk/stats-summary.ts';
import { setOperatorWeight } from '../../src/desk/set-operator-weight.ts';
import { removeWeight } from '../../src/desk/source-weights.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  stoppedClock,
} from '../support/desk.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe.each(databases)('on %s', (database) => {
  test('the load of every operator is shown with one decimal, 100 where nothing fits', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { name: 'Ann', maxLoad: 3, isOnline: true, on: { [source]: 1 } });
    await hasOperator(desk, { name: 'Bob', maxLoad: 0, isActive: false });
    await opens(desk, source, 'a');

    const { items } = await operatorsLoad(desk, admin);

    expect(items).toMatchObject([
      {
        operator_name: 'Ann',
        load: 1,
        max_load: 3,
        load_percentage: 33.3,
        is_active: true,
        presence: 'online',
      },
      {
        operator_name: 'Bob',
        load: 0,
        max_load: 0,
        load_percentage: 100,
        is_active: false,
        presence: 'offline',
      },
    ]);
  });

  test('the distribution shows who has what beside what the weights promise', async () => {
    await using desk = await openTestDesk(database);
    const [site, empty] = [await hasSource(desk, { code: 'site' }), await hasSource(desk, { code: 'empty' })];
    const ann = await hasOperator(desk, { name: 'Ann', maxLoad: 3, on: { [site]: 10 } });
    const bob = await hasOperator(desk, { name: 'Bob', maxLoad: 1, on: { [site]: 30 } });
    for (const lead of ['a', 'b', 'c', 'd', 'e']) await opens(desk, site, lead);

    const { items } = await distribution(desk, admin, {});

    expect(items).toEqual([
      {
        source_id: site,
        source_code: 'site',
        total: 5,
        unassigned: 1,
        fairness: {
          code: 'fair',
          text: 'Fair: as the weights say, but for what is told. The largest effect is at-cap: 2.3 fewer for Bob.',
          operator_id: bob,
          cause: 'at-cap',
          contacts: -2.25,
          z_score: null,
        },
        operators: [
          {
            operator_id: ann,
            operator_name: 'Ann',
            weight: 10,
            count: 3,
            share: 0.75,
            expected_share: 0.25,
            expected_count: 1,
            deviation: 2,
            causes: { 'at-cap': 2.25, chance: -0.25 },
            z_score: expect.closeTo(-0.577, 3),
          },
          {
            operator_id: bob,
            operator_name: 'Bob',
            weight: 30,
            count: 1,
            share: 0.25,
            expected_share: 0.75,
            expected_count: 3,
            deviation: -2,
            causes: { 'at-cap': -2.25, chance: 0.25 },
            z_score: expect.closeTo(0.577, 3),
          },
        ],
      },
      {
        source_id: empty,
        source_code: 'empty',
        total: 0,
        unassigned: 0,
        fairness: {
          code: 'no-contacts',
          text: 'Nobody got a contact in this period.',
          operator_id: null,
          cause: null,
          contacts: null,
          z_score: null,
        },
        operators: [],
      },
    ]);
  });

  test('an operator with contacts but without a weight now is shown with what the weights promised then', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk);
    await setOperatorWeight(desk, admin, ann, { source_id: source, weight: 10 });
    await opens(desk, source, 'a');
    await removeWeight(desk, admin, String(source), ann);

    const { items } = await distribution(desk, admin, { source_id: source });

    expect(items).toMatchObject([
      { operators: [{ operator_id: ann, weight: 0, count: 1, share: 1, expected_share: 1 }] },
    ]);
  });

  test('the distribution of a period counts what was created in it, and of one source nothing else', async () => {
    const clock = stoppedClock('2026-01-01T00:00:00.000Z');
    await using desk = await openTestDesk(database, { clock });
    const [site, other] = [await hasSource(desk), await hasSource(desk)];
    await hasOperator(desk, { on: { [site]: 1 } });
    for (const lead of ['a', 'b', 'c']) {
      await opens(desk, site, lead);
      await opens(desk, other, lead);
      clock.advance(HOUR);
    }

    const { items } = await distribution(desk, admin, {
      source_id: site,
      from: '2026-01-01T01:00:00.000Z',
      to: '2026-01-01T02:00:00.000Z',
    });

    expect(items).toMatchObject([{ source_id: site, total: 1, unassigned: 0, operators: [{ count: 1 }] }]);
    expect(await distribution(desk, admin, { source_id: 4711 as SourceId })).toEqual({ items: [] });
  });

  test('each queue is shown with its length and its oldest', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const [site, quiet] = [await hasSource(desk), await hasSource(desk)];
    await hasOperator(desk, { maxLoad: 1, on: { [site]: 1 } });
    for (const lead of ['a', 'b', 'c']) {
      await opens(desk, site, lead);
      clock.advance(MINUTE);
    }

    expect(await queueStats(desk, admin)).toEqual({
      items: [
        { source_id: site, waiting: 2, oldest_at: '2026-01-01T00:01:00.000Z' },
        { source_id: quiet, waiting: 0, oldest_at: null },
      ],
    });
  });

  test('the summary tells volumes and times in all, by source and by operator', async () => {
    const clock = stoppedClock('2026-03-01T00:00:00.000Z');
    await using desk = await openTestDesk(database, { clock });
    const [site, shop] = [await hasSource(desk, { code: 'site' }), await hasSource(desk, { code: 'shop' })];
    const ann = await hasOperator(desk, { name: 'Ann', on: { [site]: 1 } });
    const bob = await hasOperator(desk, { name: 'Bob', on: { [shop]: 1 } });
    // Ann replies after 10, 20 and 60 seconds and closes after 100, 200 and 300; Bob never replies.
    for (const [reply, close] of [
      [10, 100],
      [20, 200],
      [60, 300],
    ] as const) {
      const { id } = await opens(desk, site, `lead ${reply}`);
      await writeMessage(desk, actingAs(ann), id, { kind: 'note', text: 'looks easy' });
      clock.advance(reply * 1000);
      await writeMessage(desk, actingAs(ann), id, { kind: 'reply', text: 'hello' });
      clock.advance((close - reply) * 1000);
      await writeMessage(desk, actingAs(ann), id, { kind: 'reply', text: 'bye' });
      await closeContact(desk, admin, id, {});
    }
    await opens(desk, shop, 'lead');
    await opens(desk, shop, 'another');
    clock.advance(1000);

    const told = await summary(desk, admin, SummaryQuery.parse({}));

    const none = { count: 0, median: null, p90: null };
    const anns = {
      total: 3,
      closed: 3,
      first_reply_seconds: { count: 3, median: 20, p90: 52 },
      resolution_seconds: { count: 3, median: 200, p90: 280 },
    };
    const bobs = { total: 2, closed: 0, first_reply_seconds: none, resolution_seconds: none };
    expect(told).toEqual({
      from: '2026-01-30T00:10:01.000Z',
      to: '2026-03-01T00:10:01.000Z',
      total: { ...anns, total: 5 },
      buckets: [{ at: '2026-03-01T00:00:00.000Z', created: 5, closed: 3 }],
      sources: [
        { source_id: site, source_code: 'site', ...anns },
        { source_id: shop, source_code: 'shop', ...bobs },
      ],
      operators: [
        { operator_id: ann, operator_name: 'Ann', ...anns },
        { operator_id: bob, operator_name: 'Bob', ...bobs },
      ],
    });
  });

  test('a summary of nothing has no times and no buckets', async () => {
    await using desk = await openTestDesk(database);

    const told = await summary(desk, admin, SummaryQuery.parse({ from: '2026-01-01T00:00:00Z' }));

    const none = { count: 0, median: null, p90: null };
    expect(told).toMatchObject({
      from: '2026-01-01T00:00:00Z',
      total: { total: 0, closed: 0, first_reply_seconds: none, resolution_seconds: none },
      buckets: [],
      sources: [],
      operators: [],
    });
  });

  test.each([
    ['hour', ['2026-03-01T23:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-31T23:00:00.000Z']],
    ['day', ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-31T00:00:00.000Z']],
    ['week', ['2026-02-23T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-30T00:00:00.000Z']],
    ['month', ['2026-03-01T00:00:00.000Z']],
  ] as const)('buckets of a %s begin where they do in UTC', async (bucket, starts) => {
    const clock = stoppedClock('2026-03-01T23:59:59.999Z');
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    await opens(desk, source, 'sunday');
    clock.advance(1);
    await opens(desk, source, 'monday');
    clock.advance(30 * DAY - 1);
    await opens(desk, source, 'the last moment of the month');
    clock.advance(1);
    await opens(desk, source, 'not in the period');

    const told = await summary(
      desk,
      admin,
      SummaryQuery.parse({ bucket, from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' }),
    );

    expect(told.buckets.map(({ at }) => at)).toEqual(starts);
    expect(told.buckets.reduce((sum, { created }) => sum + created, 0)).toBe(3);
  });

  test('supervisors see statistics, operators do not', async () => {
    await using desk = await openTestDesk(database);
    const ann = await hasOperator(desk);
    const query = SummaryQuery.parse({});

    await queueStats(desk, actingAs(ann, 'supervisor'));

    const me = actingAs(ann);
    for (const refused of [
      operatorsLoad(desk, me),
      queueStats(desk, me),
      distribution(desk, me, {}),
      summary(desk, me, query),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  });
});
