import { randomInt } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceId } from '../contract/ids.ts';
import { type Simulation, SIMULATION_LIMITS, type SimulationCreate } from '../contract/simulate.ts';
import { invalid } from '../problem.ts';
import { type Scene, simulate } from '../routing/simulate.ts';
import type { SimulatedContact } from '../routing/simulated-floor.ts';
import { syntheticLoad } from '../routing/synthetic-load.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { authorizeAny } from './policy.ts';
import { applyChanges } from './simulate-changes.ts';
import { comeAgain, type History, readHistory, type Span } from './simulate-history.ts';
import { readSetting, type Setting } from './simulate-setting.ts';
import { inSlices } from './slices.ts';
import { runView, seconds } from './simulate-view.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const SEEDS = 2 ** 32;

/**
 * Runs the rule over contacts of the past, or over a load that is made up, as things stand and with changes. Nothing is
 * written. Every operator that is active counts as available and online all the time; nobody has a contact at the begin;
 * nothing is given back, taken, moved or reopened, and no contact goes to its last operator before the strategy chooses.
 * Throws Problem('forbidden') or Problem('invalid').
 */
export async function simulateRouting(
  desk: Desk,
  actor: Actor,
  input: SimulationCreate,
): Promise<Simulation> {
  authorizeAny(actor, 'stats.see');
  const span = spanOf(input, desk.clock.now());
  const seed = input.seed ?? randomInt(SEEDS);
  const setting = await readSetting(desk, input);
  const changed = applyChanges(setting, input.changes);
  const sourceIds = setting.sources.map((source) => source.sourceId);
  const { arrivals } = input;
  const history = arrivals === undefined ? await readHistory(desk, new Set(sourceIds), span) : NO_HISTORY;
  const contacts =
    arrivals === undefined ? () => comeAgain(history) : madeUp(arrivals, { span, sourceIds, seed });

  const scene = { duration: span.to - span.from, seed };
  const [base, other] = [await run(setting, contacts(), scene), await run(changed, contacts(), scene)];
  return {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    seed,
    contacts: base.assigned + base.still_waiting,
    imputed: history.imputed,
    imputed_seconds: history.imputed === 0 ? null : seconds(history.median),
    base,
    changed: other,
  };
}

const NO_HISTORY: History = { past: [], imputed: 0, median: null };

function spanOf(input: SimulationCreate, now: Date): Span {
  const isMadeUp = input.arrivals !== undefined;
  const length = isMadeUp ? DAY_MS : 30 * DAY_MS;
  const begin = input.from === undefined ? null : Date.parse(input.from);
  // What is made up needs no past: from a moment on, it lasts a day.
  const end = isMadeUp && begin !== null ? begin + length : now.getTime();
  const to = input.to === undefined ? end : Date.parse(input.to);
  const from = begin ?? to - length;
  if (from >= to) throw invalid('from', 'must be before the end of the time');
  return { from, to };
}

/** The contacts of a load that is made up; asked again, it is the same. Throws Problem('invalid') for too many. */
function madeUp(
  { rate, handling_time: meanSeconds }: NonNullable<SimulationCreate['arrivals']>,
  { span, sourceIds, seed }: { span: Span; sourceIds: readonly SourceId[]; seed: number },
): () => Iterable<SimulatedContact> {
  const duration = span.to - span.from;
  const { contacts: most } = SIMULATION_LIMITS;
  if ((rate * duration) / HOUR_MS > most)
    throw invalid('arrivals.rate', `would bring more than ${most} contacts in this time`);
  if (sourceIds.length === 0) return () => [];
  const load = { sourceIds, rate: rate / HOUR_MS, meanHandling: meanSeconds * 1000, duration, seed };
  return () => syntheticLoad(load);
}

async function run(
  setting: Setting,
  contacts: Iterable<SimulatedContact>,
  { duration, seed }: Pick<Scene, 'duration' | 'seed'>,
): Promise<Simulation['base']> {
  const outcome = await inSlices(simulate({ ...setting, contacts, duration, seed }));
  const view = runView(setting, outcome, duration);
  await nextTurn();
  return view;
}
