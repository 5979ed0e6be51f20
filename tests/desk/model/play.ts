import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import { Problem } from '../../../src/problem.ts';
import { hasOperator, hasSource } from '../../support/desk.ts';
import { faultsOfLoneStep, faultsOfStep, faultsOfWorld } from './laws.ts';
import { type Clock, leaverOf, type Operation, perform, type Stage } from './operations.ts';
import { decisionsAfter, look, type Step } from './world.ts';

/** How much was done in all runs, and how much of it was refused. */
export type Tally = { done: number; refused: number; given: number; waiting: number };

export const emptyTally = (): Tally => ({ done: 0, refused: 0, given: 0, waiting: 0 });

let runs = 0;

/** Three operators with small caps on two sources; one wants presence, offers, returns leads and goes first. */
async function newStage(desk: Desk, clock: Clock): Promise<Stage> {
  const sources: SourceId[] = [
    await hasSource(desk, { onOffline: 'requeue' }),
    await hasSource(desk, {
      onOffline: 'hand_over',
      requirePresence: true,
      returnPolicy: 'prefer_last',
      priority: 1,
      offerSeconds: 120,
      reopenMinutes: 5,
    }),
  ];
  const operators: OperatorId[] = [];
  for (const [maxLoad, isOnline, weights] of [
    [2, true, [1, 3]],
    [1, true, [2, 0]],
    [3, false, [1, 5]],
  ] as const) {
    const on = Object.fromEntries(sources.map((source, n) => [source, weights[n]!]));
    operators.push(await hasOperator(desk, { maxLoad, isOnline, on }));
  }
  return { desk, clock, sources, operators, lead: `run ${++runs} lead` };
}

/** Does the operations in groups of `width` at once, and holds every group against the laws. */
export async function play(
  desk: Desk & { clock: Clock },
  operations: Operation[],
  { width, tally }: { width: number; tally: Tally },
): Promise<void> {
  const stage = await newStage(desk, desk.clock);
  let before = await look(desk, stage.sources, stage.operators);
  let last = (await decisionsAfter(desk, 0)).at(-1)?.id ?? 0;
  for (let n = 0; n < operations.length; n += width) {
    const group = operations.slice(n, n + width);
    const verbs = group.flatMap((operation) => perform(stage, before, operation) ?? []);
    await Promise.all(verbs.map((verb) => expectDoneOrRefused(verb, tally)));
    await desk.drains.idle();

    const after = await look(desk, stage.sources, stage.operators);
    const taken = await decisionsAfter(desk, last);
    // The clock goes on for the offers of earlier runs as well.
    const decisions = taken.filter(({ contactId }) => after.contacts.some(({ id }) => id === contactId));
    const leaver = width === 1 ? leaverOf(stage, group[0]!) : null;
    const step = { before, after, decisions, caps: capsOf(stage, before, group), leaver };
    const ofStep = width === 1 ? faultsOfLoneStep(step) : faultsOfStep(step);
    const faults = [...faultsOfWorld(after), ...ofStep];
    if (faults.length > 0) throw new Error([...faults, `after ${JSON.stringify(group)}`].join('\n'));

    count(tally, step);
    before = after;
    last = taken.at(-1)?.id ?? last;
  }
}

/** A verb may be refused, for it may come too late; anything else that is thrown is a fault. */
async function expectDoneOrRefused(verb: Promise<unknown>, tally: Tally): Promise<void> {
  try {
    await verb;
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    tally.refused += 1;
  }
  tally.done += 1;
}

function capsOf(stage: Stage, before: Step['before'], group: Operation[]): Map<OperatorId, number> {
  const caps = new Map<OperatorId, number>();
  // One by one the cap after the step is the one that counts.
  if (group.length === 1) return caps;
  for (const { id, maxLoad } of before.operators) caps.set(id, maxLoad);
  for (const operation of group) {
    if (operation.kind !== 'cap') continue;
    const id = stage.operators[operation.operator % stage.operators.length]!;
    caps.set(id, Math.max(caps.get(id)!, operation.cap));
  }
  return caps;
}

function count(tally: Tally, { after, decisions }: Step): void {
  tally.given += decisions.filter((decision) => decision.outcome === 'assigned').length;
  tally.waiting += after.contacts.filter((contact) => contact.status === 'waiting').length;
}
