import { expect, test } from 'vitest';
import { deadlockOf, refusalsOf, rowsOf, waitsOf } from '../../console/src/what-if/outcome.ts';
import { SourceId } from '../../src/contract/ids.ts';
import { Simulation, SimulationRun } from '../../src/contract/simulate.ts';
import { anna, boris } from './samples.ts';

const shop = SourceId.parse(3);

type Given = {
  [id: number]: { count: number; share: number; utilisation: number };
};

/** A run in which all contacts came from one source; who gets nothing has no weight there. */
function runOf(given: Given, part: Partial<SimulationRun> = {}): SimulationRun {
  const assigned = Object.values(given).reduce((sum, { count }) => sum + count, 0);
  const nothing = { count: 0, share: 0, utilisation: 0 };
  return SimulationRun.parse({
    assigned,
    waited: 0,
    still_waiting: 0,
    wait_seconds: { p50: 0, p95: 0, max: 0 },
    refused: {},
    operators: [anna, boris].map((id) => ({
      operator_id: id,
      operator_name: id === anna ? 'Anna' : 'Boris',
      is_active: true,
      max_load: 5,
      ...(given[id] ?? nothing),
    })),
    sources: [
      {
        source_id: shop,
        source_code: 'shop',
        strategy: 'weighted_random',
        count: assigned,
        waiting: 0,
        share: 1,
        utilisation: 0.5,
        operators: Object.entries(given).map(([id, parts]) => ({
          operator_id: Number(id),
          weight: 1,
          ...parts,
        })),
      },
    ],
    ...part,
  });
}

function simulationOf(base: SimulationRun, changed: SimulationRun, contacts = 10): Simulation {
  return Simulation.parse({
    from: '2026-11-19T10:00:00.000Z',
    to: '2026-11-20T10:00:00.000Z',
    seed: 1,
    contacts,
    imputed: 0,
    imputed_seconds: null,
    base,
    changed,
  });
}

const alone = { [anna]: { count: 10, share: 1, utilisation: 0.8 } };
const shared = {
  [anna]: { count: 4, share: 0.4, utilisation: 0.3 },
  [boris]: { count: 6, share: 0.6, utilisation: 0.5 },
};

test('each operator has what it gets beside what it would get', () => {
  const rows = rowsOf(simulationOf(runOf(alone), runOf(shared)), null);

  expect(rows).toEqual([
    {
      operatorId: anna,
      name: 'Anna',
      share: { base: 1, changed: 0.4 },
      count: { base: 10, changed: 4 },
      utilisation: { base: 0.8, changed: 0.3 },
    },
    {
      operatorId: boris,
      name: 'Boris',
      share: { base: 0, changed: 0.6 },
      count: { base: 0, changed: 6 },
      utilisation: { base: 0, changed: 0.5 },
    },
  ]);
});

test('a difference of shares is that of what is shown', () => {
  const third = { [anna]: { count: 1, share: 0.62749, utilisation: 0.9976 } };
  const more = { [anna]: { count: 1, share: 0.73451, utilisation: 0.9976 } };

  const [row] = rowsOf(simulationOf(runOf(third), runOf(more)), null);

  expect(row?.share).toEqual({ base: 0.627, changed: 0.735 });
  expect(row?.utilisation).toEqual({ base: 0.998, changed: 0.998 });
});

test('of one source, those stand there who have a weight on it in either run', () => {
  const names = (simulation: Simulation) => rowsOf(simulation, shop).map(({ name }) => name);

  expect(names(simulationOf(runOf(alone), runOf(alone)))).toEqual(['Anna']);
  expect(names(simulationOf(runOf(alone), runOf(shared)))).toEqual(['Anna', 'Boris']);
  expect(names(simulationOf(runOf(shared), runOf(alone)))).toEqual(['Anna', 'Boris']);
});

test('waits and refusals stand side by side, reasons in the order in which the rule asks', () => {
  const wait_seconds = { p50: 10, p95: 100, max: 200 };
  const base = runOf(alone, { wait_seconds, waited: 7, still_waiting: 2, refused: { 'at-cap': 5 } });
  const changed = runOf(shared, { refused: { 'at-cap': 1, inactive: 3 } });
  const simulation = simulationOf(base, changed);

  expect(waitsOf(simulation)).toEqual({
    p50: { base: 10, changed: 0 },
    p95: { base: 100, changed: 0 },
    max: { base: 200, changed: 0 },
    waited: { base: 7, changed: 0 },
    stillWaiting: { base: 2, changed: 0 },
  });
  expect(refusalsOf(simulation)).toEqual([
    { reason: 'inactive', base: 0, changed: 3 },
    { reason: 'at-cap', base: 5, changed: 1 },
  ]);
});

test('it is told when nobody may get anything, unless nobody came', () => {
  const [nobody, some] = [runOf({}), runOf(alone)];

  expect(deadlockOf(simulationOf(nobody, nobody))).toBe('both');
  expect(deadlockOf(simulationOf(some, nobody))).toBe('changed');
  expect(deadlockOf(simulationOf(nobody, some))).toBeNull();
  expect(deadlockOf(simulationOf(nobody, nobody, 0))).toBeNull();
});
