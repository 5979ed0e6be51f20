import type { z } from 'zod';
import type { SourceId } from '../../../src/contract/ids.ts';
import type { Simulation, SimulationChanges, SimulationCreate } from '../../../src/contract/simulate.ts';

export const periods = ['day', 'week', 'month'] as const;
type Period = (typeof periods)[number];

const DAY_MS = 86_400_000;
const days: Record<Period, number> = { day: 1, week: 7, month: 30 };

/** Which contacts come: those of the past, or so many an hour that are made up. A number that is retyped may be blank. */
export type Load = {
  kind: 'history' | 'synthetic';
  period: Period;
  /** Of which sources; null: of all. */
  sourceIds: ReadonlySet<SourceId> | null;
  rate: number | '';
  minutes: number | '';
};

export const initialLoad: Load = {
  kind: 'history',
  period: 'week',
  sourceIds: null,
  rate: 20,
  minutes: 15,
};

/** The sources with one more, or one less; null when all of them are chosen. */
export function withSource(
  chosen: Load['sourceIds'],
  id: SourceId,
  all: readonly SourceId[],
): Load['sourceIds'] {
  const next = new Set(chosen ?? all);
  if (!next.delete(id)) next.add(id);
  return all.every((one) => next.has(one)) ? null : next;
}

/** What two runs have to share to be comparable: the chance, and the end of the time. */
export type Basis = Pick<Simulation, 'seed' | 'to'>;

export type SimulationBody = z.input<typeof SimulationCreate>;

/** What the gateway is asked; without a seed it takes one of its own. */
export function bodyOf(
  load: Load,
  changes: SimulationChanges,
  { to, seed }: Pick<Basis, 'to'> & Partial<Basis>,
): SimulationBody {
  return {
    from: new Date(Date.parse(to) - days[load.period] * DAY_MS).toISOString(),
    to,
    changes,
    ...(load.sourceIds !== null && { source_ids: sorted(load.sourceIds) }),
    ...(load.kind === 'synthetic' && { arrivals: arrivalsOf(load) }),
    ...(seed !== undefined && { seed }),
  };
}

function sorted(ids: ReadonlySet<SourceId>): SourceId[] {
  return [...ids].toSorted((a, b) => a - b);
}

/** A blank number goes as none: the gateway tells the fault at its field. */
function arrivalsOf({ rate, minutes }: Load) {
  return {
    rate: rate === '' ? Number.NaN : rate,
    handling_time: minutes === '' ? Number.NaN : minutes * 60,
  };
}

/** Whether two bodies ask for the same, whatever the moment and the chance. */
export function isSameQuestion(one: SimulationBody, other: SimulationBody): boolean {
  return isSameTraffic(one, other) && JSON.stringify(one.changes) === JSON.stringify(other.changes);
}

/** Whether two bodies let the same kind of contacts come. */
export function isSameTraffic(one: SimulationBody, other: SimulationBody): boolean {
  return JSON.stringify(trafficOf(one)) === JSON.stringify(trafficOf(other));
}

function trafficOf({ from, to, source_ids, arrivals }: SimulationBody): unknown[] {
  return [Date.parse(String(to)) - Date.parse(String(from)), source_ids, arrivals];
}
