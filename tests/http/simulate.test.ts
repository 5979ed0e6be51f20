import { describe, expect, test } from 'vitest';
import type { Simulation } from '../../src/contract/simulate.ts';
import { databases } from '../support/desk.ts';
import { setStage } from './support/examples.ts';

type Refused = { errors: { path: string; message: string }[] };

const arrivals = { rate: 10, handling_time: 60 };

const refused: [what: string, body: unknown, at: string][] = [
  ['an unknown field', { sources: [1] }, 'sources'],
  ['no source at all', { source_ids: [] }, 'source_ids'],
  ['501 sources', { source_ids: Array.from({ length: 501 }, (_, n) => n + 1) }, 'source_ids'],
  ['a source that is not there', { source_ids: [999_999] }, 'source_ids.0'],
  ['a time that is none', { from: 'yesterday' }, 'from'],
  ['a time that ends before it begins', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'from'],
  ['a rate of 0', { arrivals: { ...arrivals, rate: 0 } }, 'arrivals.rate'],
  ['a rate of 100,001', { arrivals: { ...arrivals, rate: 100_001 } }, 'arrivals.rate'],
  ['100,001 contacts in a day', { arrivals: { ...arrivals, rate: 100_001 / 24 } }, 'arrivals.rate'],
  ['a rate without its handling time', { arrivals: { rate: 10 } }, 'arrivals.handling_time'],
  ['a handling time below 0', { arrivals: { ...arrivals, handling_time: -1 } }, 'arrivals.handling_time'],
  ['one of 31 days', { arrivals: { ...arrivals, handling_time: 2_678_400 } }, 'arrivals.handling_time'],
  ['half a seed', { seed: 0.5 }, 'seed'],
  ['a seed of 33 bits', { seed: 2 ** 32 }, 'seed'],
  ['a seed below 0', { seed: -1 }, 'seed'],
  ['an unknown change', { changes: { names: [] } }, 'changes.names'],
  [
    'a weight of 1,000,001',
    { changes: { weights: [{ source_id: 1, operator_id: 1, weight: 1_000_001 }] } },
    'changes.weights.0.weight',
  ],
  [
    'a cap below 0',
    { changes: { max_loads: [{ operator_id: 1, max_load: -1 }] } },
    'changes.max_loads.0.max_load',
  ],
  [
    'a strategy that is none',
    { changes: { strategies: [{ source_id: 1, strategy: 'round_robin' }] } },
    'changes.strategies.0.strategy',
  ],
  [
    'an operator that is not there',
    { changes: { operators: [{ operator_id: 999_999, is_active: true }] } },
    'changes.operators.0.operator_id',
  ],
];

describe.each(databases)('on %s', (database) => {
  test('what cannot be simulated is refused, and the field is named', async () => {
    await using stage = await setStage(database);

    const found: [string, number, string[]][] = [];
    for (const [what, body] of refused) {
      const { status, json } = await stage.app.admin<Refused>('POST', '/routing/simulate', { body });
      found.push([what, status, json.errors.map(({ path }) => path)]);
    }

    expect(found).toEqual(refused.map(([what, , at]) => [what, 422, [at]]));
  });

  test('a supervisor asks what would be, and nothing is different afterwards', async () => {
    await using stage = await setStage(database);
    const { operator, source, asSupervisor } = stage;
    const changes = { max_loads: [{ operator_id: operator.id, max_load: 1 }] };

    const { status, json } = await asSupervisor<Simulation>('POST', '/routing/simulate', {
      body: { source_ids: [source.id], changes, arrivals: { rate: 60, handling_time: 120 }, seed: 5 },
    });

    expect(status).toBe(200);
    expect(json.base.operators).toMatchObject([{ operator_id: operator.id, max_load: operator.max_load }]);
    expect(json.changed.operators).toMatchObject([{ operator_id: operator.id, max_load: 1 }]);
    expect(json.changed.still_waiting).toBeGreaterThan(json.base.still_waiting);
    const after = await stage.app.admin('GET', `/operators/${operator.id}`);
    expect(after.json).toMatchObject({ max_load: operator.max_load });
  });

  test('without a body, the last 30 days run as things stand', async () => {
    await using stage = await setStage(database);

    const { status, json } = await stage.app.admin<Simulation>('POST', '/routing/simulate');

    expect(status).toBe(200);
    expect(json).toMatchObject({ contacts: 1, imputed: 1, imputed_seconds: null });
    expect(json.changed).toEqual(json.base);
  });
});
