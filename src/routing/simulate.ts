import type { RefusalReason } from '../contract/decision.ts';
import type { SourceId } from '../contract/ids.ts';
import { percentile } from './percentile.ts';
import {
  type SimulatedContact,
  SimulatedFloor,
  type SimulatedOperator,
  type SimulatedSource,
  type SourceOutcome,
} from './simulated-floor.ts';
import { sortInSteps } from './sort-in-steps.ts';

/** What is simulated; `duration` in milliseconds, contacts in the order of time and before its end. */
export type Scene = Readonly<{
  sources: readonly SimulatedSource[];
  operators: readonly SimulatedOperator[];
  contacts: Iterable<SimulatedContact>;
  duration: number;
  seed: number;
}>;

/** Milliseconds; of those who still wait, until the end. null where nobody came. */
export type Waits = { waited: number; p50: number | null; p95: number | null; max: number | null };

export type Outcome = {
  sources: ReadonlyMap<SourceId, SourceOutcome>;
  waits: Waits;
  refused: ReadonlyMap<RefusalReason, number>;
};

/**
 * Runs the rule over contacts that come and end, as the gateway would: `decide` chooses, and each seat that becomes free
 * goes to whoever has waited longest for it. Every step is one contact that comes or ends, O(sources of the operator ·
 * log n); it yields the floor as it stands then, so that the caller can rest between two of them. The same scene has the
 * same outcome, and the same contact draws the same luck whatever else is changed.
 */
export function* simulate(scene: Scene): Generator<SimulatedFloor, Outcome, void> {
  const { sources, operators, contacts, duration, seed } = scene;
  const floor = new SimulatedFloor(operators, duration, seed);
  for (const source of sources) {
    floor.open(source);
    yield floor;
  }
  for (const contact of contacts) {
    // Who comes at the moment at which a seat becomes free finds it free.
    while (floor.nextEnd <= contact.at) {
      floor.end();
      yield floor;
    }
    floor.arrive(contact);
    yield floor;
  }
  while (floor.nextEnd < duration) {
    floor.end();
    yield floor;
  }
  floor.close();
  yield floor;
  const sorting = sortInSteps(new Float64Array(floor.waits));
  let sorted = sorting.next();
  for (; !sorted.done; sorted = sorting.next()) yield floor;
  return {
    sources: new Map(sources.map(({ sourceId }) => [sourceId, floor.outcomeOf(sourceId)])),
    waits: waitsOf(sorted.value),
    refused: floor.refused,
  };
}

function waitsOf(sorted: Float64Array): Waits {
  const first = sorted.findIndex((wait) => wait > 0);
  return {
    waited: first < 0 ? 0 : sorted.length - first,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    max: percentile(sorted, 1),
  };
}
