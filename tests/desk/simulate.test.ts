import { describe, expect, test } from 'vitest';
import type { OperatorId, SourceId } from '../../src/contract/ids.ts';
import { type Simulation, SimulationCreate } from '../../src/contract/simulate.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { simulateRouting } from '../../src/desk/simulate-routing.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  stoppedClock,
  supervisor,
  type TestDesk,
} from '../support/desk.ts';

const START = '2026-01-01T00:00:00.000Z';
const END = '2026-01-01T00:16:40.000Z';
const period = { from: START, to: END };

function simulated(desk: TestDesk, input: unknown): Promise<Simulation> {
  return simulateRouting(desk, supervisor, SimulationCreate.parse(input));
}

/**
 * 1,000 seconds with one operator who has one seat: `a` at 0 for 100 seconds, `b` at 60 for 200, `c` at 160, which is
 * still open.
 */
async function hasHistory(desk: TestDesk, advance: (ms: number) => void): Promise<[SourceId, OperatorId]> {
  const source = await hasSource(desk, { code: 'site' });
  const ann = await hasOperator(desk, { name: 'Ann', maxLoad: 1, on: { [source]: 5 } });
  const a = await opens(desk, source, 'a');
  advance(60_000);
  const b = await opens(desk, source, 'b');
  advance(40_000);
  await closeContact(desk, admin, a.id, {});
  advance(60_000);
  await opens(desk, source, 'c');
  advance(140_000);
  await closeContact(desk, admin, b.id, {});
  advance(700_000);
  return [source, ann];
}

/** Copies the only contact of the desk so often. */
async function hasCopies(desk: TestDesk, count: number): Promise<void> {
  const [row] = await desk.store.em().execute<object[]>('select * from contact');
  const columns = Object.keys(row!).filter((name) => name !== 'id');
  await desk.store.write((tx) =>
    tx.em.execute(
      `with recursive s(n) as (select 1 union all select n + 1 from s where n < ${count})
       insert into contact (${columns.join()}) select ${columns.map((name) => `c.${name}`).join()} from contact c, s`,
    ),
  );
}

describe.each(databases)('on %s', (database) => {
  test('the past runs as it was, and with another seat beside it', async () => {
    const clock = stoppedClock(START);
    await using desk = await openTestDesk(database, { clock });
    const [source, ann] = await hasHistory(desk, clock.advance);

    const told = await simulated(desk, {
      ...period,
      seed: 3,
      changes: { max_loads: [{ operator_id: ann, max_load: 2 }] },
    });

    const run = (figures: object, utilisation: number, maxLoad: number) => ({
      assigned: 3,
      still_waiting: 0,
      ...figures,
      sources: [
        {
          source_id: source,
          source_code: 'site',
          strategy: 'weighted_random',
          count: 3,
          waiting: 0,
          share: 1,
          utilisation,
          operators: [{ operator_id: ann, weight: 5, count: 3, share: 1, utilisation }],
        },
      ],
      operators: [
        {
          operator_id: ann,
          operator_name: 'Ann',
          is_active: true,
          max_load: maxLoad,
          count: 3,
          share: 1,
          utilisation,
        },
      ],
    });
    expect(told).toEqual({
      ...period,
      seed: 3,
      contacts: 3,
      // c lasts as long as the median of 100 and 200 seconds.
      imputed: 1,
      imputed_seconds: 150,
      base: run(
        { waited: 2, wait_seconds: { p50: 40, p95: 130, max: 140 }, refused: { 'at-cap': 2 } },
        0.45,
        1,
      ),
      changed: run({ waited: 0, wait_seconds: { p50: 0, p95: 0, max: 0 }, refused: {} }, 0.225, 2),
    });
  });

  test('weights, strategies and switches change the one run and leave the other', async () => {
    const clock = stoppedClock(START);
    await using desk = await openTestDesk(database, { clock });
    const [source, ann] = await hasHistory(desk, clock.advance);
    const bob = await hasOperator(desk, { name: 'Bob', maxLoad: 3, isActive: false });

    const told = await simulated(desk, {
      ...period,
      changes: {
        weights: [{ source_id: source, operator_id: bob, weight: 9 }],
        strategies: [{ source_id: source, strategy: 'least_loaded' }],
        operators: [
          { operator_id: bob, is_active: true },
          { operator_id: ann, is_active: false },
        ],
      },
    });

    expect(told.base).toMatchObject({
      sources: [{ strategy: 'weighted_random', operators: [{ operator_id: ann, weight: 5, count: 3 }] }],
      operators: [
        { operator_id: ann, is_active: true, count: 3 },
        { operator_id: bob, is_active: false, count: 0, share: 0, utilisation: 0 },
      ],
    });
    expect(told.changed).toMatchObject({
      waited: 0,
      refused: { inactive: 3 },
      sources: [
        {
          strategy: 'least_loaded',
          utilisation: 0.15,
          operators: [
            { operator_id: ann, weight: 5, count: 0 },
            { operator_id: bob, weight: 9, count: 3, share: 1, utilisation: 0.15 },
          ],
        },
      ],
      operators: [
        { operator_id: ann, is_active: false, count: 0 },
        { operator_id: bob, is_active: true, count: 3 },
      ],
    });
  });

  test('without changes both runs are the same, and the seed that is told brings them again', async () => {
    await using desk = await openTestDesk(database);
    const sources = [await hasSource(desk), await hasSource(desk)];
    const on = { [sources[0]!]: 1, [sources[1]!]: 3 };
    for (let n = 0; n < 3; n++) await hasOperator(desk, { maxLoad: 2, on });
    const arrivals = { rate: 60, handling_time: 300 };

    const told = await simulated(desk, { arrivals });
    const again = await simulated(desk, { arrivals, seed: told.seed, from: told.from, to: told.to });

    expect(told.changed).toEqual(told.base);
    expect(again).toEqual(told);
    expect(Date.parse(told.to) - Date.parse(told.from)).toBe(24 * 60 * 60 * 1000);
    expect(told).toMatchObject({ imputed: 0, imputed_seconds: null });
    // Five standard deviations; 60 contacts an hour of 300 seconds are 5 of 6 seats.
    expect(Math.abs(told.contacts - 1440)).toBeLessThan(5 * Math.sqrt(1440));
    for (const { utilisation } of told.base.operators) expect(utilisation).toBeGreaterThan(0.65);
  });

  test('nothing is written, and what is open now takes no seat', async () => {
    const clock = stoppedClock(START);
    await using desk = await openTestDesk(database, { clock });
    await hasHistory(desk, clock.advance);
    const store = { ...desk.store, write: () => Promise.reject(new Error('something is written')) };

    const told = await simulated({ ...desk, store }, { ...period, seed: 1 });

    expect(told.base.assigned).toBe(3);
  });

  test('of a time, those count that were created in it, and of some sources nothing else', async () => {
    const clock = stoppedClock(START);
    await using desk = await openTestDesk(database, { clock });
    const [site] = await hasHistory(desk, clock.advance);
    const other = await hasSource(desk);
    await opens(desk, other, 'a');
    clock.advance(1);

    const within = await simulated(desk, { from: '2026-01-01T00:01:00Z', to: '2026-01-01T00:02:40Z' });
    const one = await simulated(desk, { source_ids: [site] });
    const all = await simulated(desk, {});

    // Of the contact that is open now nothing is known, and no other one has ended.
    expect(within).toMatchObject({ contacts: 1, imputed: 0 });
    expect(one.base.sources.map(({ source_id, count }) => [source_id, count])).toEqual([[site, 3]]);
    expect(all).toMatchObject({ contacts: 4, imputed: 2, from: '2025-12-02T00:16:40.001Z' });
    expect(all.base).toMatchObject({
      still_waiting: 1,
      sources: [{ waiting: 0 }, { waiting: 1, share: 0.25 }],
    });
  });

  test('where nothing has ended yet, nothing ends', async () => {
    const clock = stoppedClock(START);
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    for (const lead of ['a', 'b']) await opens(desk, source, lead);
    clock.advance(1000_000);

    const told = await simulated(desk, period);

    expect(told).toMatchObject({ contacts: 2, imputed: 2, imputed_seconds: null });
    expect(told.base).toMatchObject({ still_waiting: 1, operators: [{ utilisation: 1 }] });
    expect(told.base.wait_seconds.max).toBe(1000);
  });

  test('a long history is read in parts and none of it twice, however much came in one moment', async () => {
    const clock = stoppedClock(START);
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'a');
    clock.advance(250);
    await closeContact(desk, admin, id, {});
    await hasCopies(desk, 3_499);
    clock.advance(1000_000);

    const told = await simulated(desk, { ...period, seed: 1 });

    expect(told).toMatchObject({ contacts: 3_500, imputed: 0 });
    // One after the other, 250 ms each.
    expect(told.base).toMatchObject({ still_waiting: 0, wait_seconds: { p50: 437.375, max: 874.75 } });
  });

  test('more than 100,000 contacts are refused', async () => {
    const clock = stoppedClock(START);
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'a');
    await closeContact(desk, admin, id, {});
    await hasCopies(desk, 100_000);

    const refused = simulated(desk, period);

    await expect(refused).rejects.toMatchObject({
      code: 'invalid',
      details: { errors: [{ path: 'from', message: expect.stringContaining('100000') as unknown }] },
    });
  });

  test('what is not there, not simulated, or named twice is named by its path', async () => {
    await using desk = await openTestDesk(database);
    const [site, other] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { on: { [site]: 1 } });
    const nobody = ann + 1000;

    const paths = async (input: unknown) => {
      try {
        await simulated(desk, input);
      } catch (error) {
        return (error as { details: { errors: { path: string }[] } }).details.errors.map(({ path }) => path);
      }
      return [];
    };

    expect(await paths({ source_ids: [site, 4711, site] })).toEqual(['source_ids.1', 'source_ids.2']);
    expect(
      await paths({
        source_ids: [site],
        changes: {
          weights: [
            { source_id: site, operator_id: ann, weight: 1 },
            { source_id: site, operator_id: nobody, weight: 1 },
            { source_id: other, operator_id: ann, weight: 1 },
            { source_id: site, operator_id: ann, weight: 2 },
          ],
          max_loads: [{ operator_id: nobody, max_load: 1 }],
          strategies: [{ source_id: 4711, strategy: 'least_loaded' }],
          operators: [{ operator_id: nobody, is_active: true }],
        },
      }),
    ).toEqual([
      'changes.weights.1.operator_id',
      'changes.weights.2.source_id',
      'changes.weights.3',
      'changes.max_loads.0.operator_id',
      'changes.strategies.0.source_id',
      'changes.operators.0.operator_id',
    ]);
    const many = Array.from({ length: 1_000 }, (_, n) => ({
      source_id: site,
      operator_id: nobody + n,
      weight: 1,
    }));
    expect(await paths({ changes: { weights: many } })).toEqual(['changes']);
    expect(await paths({ from: END, to: START })).toEqual(['from']);
    expect(await paths({ arrivals: { rate: 4_167, handling_time: 1 } })).toEqual(['arrivals.rate']);
    expect(await paths({ from: '2100-01-01T00:00:00Z', arrivals: { rate: 10, handling_time: 1 } })).toEqual(
      [],
    );
  });

  test('more than 500 sources or 20,000 weights are refused', async () => {
    await using desk = await openTestDesk(database);
    const input = SimulationCreate.parse({ arrivals: { rate: 1, handling_time: 1 } });
    const ids = [];
    for (let n = 0; n < 41; n++) ids.push(await hasSource(desk));
    const first = await hasOperator(desk);
    for (let n = 1; n < 500; n++) await hasOperator(desk);
    await desk.store.write((tx) =>
      tx.em.execute(
        'insert into source_operator (source_id, operator_id, weight) select s.id, o.id, 1 from source s, operator o',
      ),
    );

    const tooMany = { code: 'invalid', details: { errors: [{ path: 'source_ids' }] } };
    await expect(simulateRouting(desk, admin, input)).rejects.toMatchObject(tooMany);
    const fewer = await simulateRouting(desk, admin, { ...input, source_ids: ids.slice(0, 40) });
    expect(fewer.base.operators[0]!.operator_id).toBe(first);
    while (ids.length < 501) ids.push(await hasSource(desk));
    await expect(simulateRouting(desk, admin, input)).rejects.toMatchObject(tooMany);
  });

  test('a desk without sources has nothing to tell', async () => {
    await using desk = await openTestDesk(database);

    const told = await simulated(desk, { arrivals: { rate: 10, handling_time: 1 }, seed: 1 });

    const nothing = {
      assigned: 0,
      waited: 0,
      still_waiting: 0,
      wait_seconds: { p50: null, p95: null, max: null },
      refused: {},
      sources: [],
      operators: [],
    };
    expect(told).toMatchObject({ contacts: 0, base: nothing, changed: nothing });
  });

  test('operators simulate nothing', async () => {
    await using desk = await openTestDesk(database);
    const ann = await hasOperator(desk);

    const refused = simulateRouting(desk, actingAs(ann), SimulationCreate.parse({}));

    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  });
});
