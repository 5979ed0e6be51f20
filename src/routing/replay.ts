import type { Candidate, Decision, RefusalReason } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import { refusalByNumbers } from './candidate.ts';
import { LEAD, WINDOW } from './explain.ts';
import { isLessLoaded, type Loaded } from './least-loaded.ts';
import { nextMoment, windowOf } from './smooth-weighted.ts';

/** Whom a record's own numbers choose, null for nobody, and what in the record does not fit the rest of it. */
export type Replay = { operatorId: OperatorId | null; faults: string[] };

/** A candidate judged anew: `weight` is what it stands in the draw with, `before` that of all before it. */
type Standing = { candidate: Candidate; reason: RefusalReason | null; weight: number; before: number };

/**
 * Runs the rule again on a decision's record. Eligibility, sums, the holder of the draw and whoever comes first by the
 * order of the strategy come from the loads, caps, weights, marks and the reasons that numbers cannot show; outcome and
 * operator are compared with them only at the end.
 * The one exception is `prefer_last`: nothing is drawn there, so the recorded operator is asked for its eligibility.
 * A record that shows fewer candidates than it counts is a part, and is taken at its word for what stands outside.
 */
export function replay(record: Decision): Replay {
  const standings = judgeAnew(record);
  const chosen = record.rule === 'prefer_last' ? preferred(record, standings) : picked(record, standings);
  const operatorId = chosen?.candidate.operator_id ?? null;
  const faults = [
    ...countFaults(record),
    ...standings.flatMap(candidateFaults),
    ...orderFaults(standings),
    ...totalFaults(record, standings, chosen),
    ...refusedFaults(record, standings),
    ...drawFaults(record, chosen),
    ...runnerUpFaults(record, standings, chosen),
    ...outcomeFaults(record, operatorId),
  ];
  return { operatorId, faults };
}

function judgeAnew(record: Decision): Standing[] {
  const { candidates } = record;
  let sum = isPart(record) ? candidates[0]!.weight_before : 0;
  return candidates.map((candidate) => {
    const reason = reasonAnew(candidate);
    const weight = reason === null ? candidate.weight : 0;
    const before = sum;
    sum += weight;
    return { candidate, reason, weight, before };
  });
}

function isPart({ candidates, candidate_count }: Decision): boolean {
  return candidates.length === WINDOW && candidate_count > WINDOW;
}

function reasonAnew({ reason, weight, load, max_load }: Candidate): RefusalReason | null {
  switch (reason) {
    case 'source-inactive':
    case 'inactive':
    case 'paused':
    case 'offline':
      return reason;
    case 'released-by':
    case 'declined':
    case 'offer-expired':
    case 'older-first':
      return refusalByNumbers(weight, load, max_load) ?? reason;
    case 'zero-weight':
    case 'at-cap':
    case null:
      return refusalByNumbers(weight, load, max_load);
  }
}

function holder({ draw }: Decision, standings: Standing[]): Standing | undefined {
  if (draw === null) return undefined;
  return standings.find(({ before, weight }) => before <= draw && draw < before + weight);
}

/** Whom the strategy chooses: by the ticket, or as the first of its order among all whom the record shows. */
function picked(record: Decision, standings: Standing[]): Standing | undefined {
  if (record.strategy === 'weighted_random') return holder(record, standings);
  const first = firstOf(record, eligibleOf(record, standings));
  return standings.find(({ candidate }) => candidate.operator_id === first?.operator_id);
}

/** The runner-up of a record that is a part may stand outside of what is shown. */
function eligibleOf({ runner_up: runnerUp }: Decision, standings: Standing[]): Candidate[] {
  const eligible = standings.filter(({ reason }) => reason === null).map(({ candidate }) => candidate);
  const isShown = standings.some(({ candidate }) => candidate.operator_id === runnerUp?.operator_id);
  if (runnerUp === null || isShown) return eligible;
  return [...eligible, runnerUp].toSorted((a, b) => a.operator_id - b.operator_id);
}

function firstOf(record: Decision, candidates: Candidate[]): Candidate | undefined {
  return record.strategy === 'least_loaded'
    ? candidates.reduce<Candidate | undefined>(
        (first, one) => (first === undefined || isLessLoaded(loaded(one), loaded(first)) ? one : first),
        undefined,
      )
    : earliestOwed(record, candidates);
}

function loaded({ load, max_load: maxLoad, weight, mark = null }: Candidate): Loaded {
  return { load, maxLoad, weight, mark };
}

/** The earliest deadline among those owed; where nobody is, who will be first. */
function earliestOwed(record: Decision, candidates: Candidate[]): Candidate | undefined {
  const moment = nextMoment(record.turn ?? 0, record.total_weight);
  const timed = candidates.map((candidate) => ({
    candidate,
    ...windowOf(candidate.mark ?? 0, candidate.weight, record.candidate_count),
  }));
  const owed = timed.filter(({ release }) => release <= moment);
  const first =
    owed.length > 0
      ? owed.toSorted((a, b) => a.deadline - b.deadline)[0]
      : timed.toSorted((a, b) => a.release - b.release)[0];
  return first?.candidate;
}

function preferred({ operator_id }: Decision, standings: Standing[]): Standing | undefined {
  return standings.find(({ candidate, reason }) => candidate.operator_id === operator_id && reason === null);
}

function countFaults({ candidates, candidate_count: count }: Decision): string[] {
  const shown = candidates.length;
  return shown === Math.min(count, WINDOW) ? [] : [`${shown} candidates are shown of ${count}`];
}

function candidateFaults({ candidate, reason, before }: Standing): string[] {
  const { operator_id: id, eligible, weight_before: recorded } = candidate;
  const faults: string[] = [];
  if (reason !== candidate.reason || (reason === null) !== eligible) {
    const verdict = eligible ? 'eligible' : `refused as ${candidate.reason}`;
    faults.push(`operator ${id} is recorded as ${verdict}, its numbers say ${reason ?? 'eligible'}`);
  }
  if (recorded !== before) {
    faults.push(`operator ${id} is recorded with a weight of ${recorded} before it, the sum is ${before}`);
  }
  return faults;
}

function orderFaults(standings: Standing[]): string[] {
  const ids = standings.map(({ candidate }) => candidate.operator_id);
  return ids
    .filter((id, place) => place > 0 && id <= ids[place - 1]!)
    .map((id) => `operator ${id} does not stand in the order of ids`);
}

function totalFaults(record: Decision, standings: Standing[], chosen?: Standing): string[] {
  const total = record.total_weight;
  const last = standings.at(-1);
  const sum = last === undefined ? 0 : last.before + last.weight;
  const start = standings[0]?.before ?? 0;
  const place = chosen === undefined ? LEAD : standings.indexOf(chosen);
  // `explain` puts LEAD candidates before the chosen one, fewer only at the pool's begin and more only at its end.
  if (place < LEAD && start > 0) return [`a weight of ${start} stands before a window at the begin`];
  const isEnd = !isPart(record) || place > LEAD;
  if (isEnd ? total === sum : total >= sum) return [];
  return [`the total weight is recorded as ${total}, the sum is ${sum}`];
}

function refusedFaults(record: Decision, standings: Standing[]): string[] {
  const unseen = new Map<string, number>(Object.entries(record.refused));
  for (const { reason } of standings) if (reason !== null) unseen.set(reason, (unseen.get(reason) ?? 0) - 1);
  return [...unseen]
    .filter(([, count]) => (isPart(record) ? count < 0 : count !== 0))
    .map(
      ([reason, count]) =>
        `refused as ${reason}: ${Math.abs(count)} too ${count < 0 ? 'few' : 'many'} counted`,
    );
}

function drawFaults(record: Decision, chosen?: Standing): string[] {
  const { rule, draw, total_weight: total } = record;
  if (rule === 'prefer_last') {
    if (draw !== null) return [`${draw} was drawn although the contact went to its last operator`];
    return chosen === undefined ? ['the last operator is no eligible candidate of the record'] : [];
  }
  if (record.strategy !== 'weighted_random') return orderedFaults(record, chosen);
  if (draw === null) return total === 0 ? [] : [`nothing was drawn although the total weight is ${total}`];
  if (draw >= total) return [`the draw ${draw} is not below the total weight ${total}`];
  return chosen === undefined ? [`the draw ${draw} belongs to no candidate of the record`] : [];
}

function orderedFaults({ strategy, draw, turn }: Decision, chosen?: Standing): string[] {
  const faults: string[] = [];
  if (draw !== null) faults.push(`${draw} was drawn although ${strategy} draws nothing`);
  if (turn === null) faults.push(`it is not recorded how far ${strategy} had come`);
  if (chosen !== undefined && chosen.candidate.mark === undefined)
    faults.push(`operator ${chosen.candidate.operator_id} is recorded without its mark`);
  return faults;
}

/** Where a strategy goes by an order, whom it would have chosen next is a part of the record. */
function runnerUpFaults(record: Decision, standings: Standing[], chosen?: Standing): string[] {
  const isOrdered = record.rule === 'strategy' && record.strategy !== 'weighted_random';
  const rest = eligibleOf(record, standings).filter((one) => one !== chosen?.candidate);
  const next = isOrdered && chosen !== undefined ? firstOf(record, rest) : undefined;
  const recorded = record.runner_up?.operator_id ?? null;
  if (recorded === (next?.operator_id ?? null)) return [];
  return [`operator ${recorded} is recorded as the next one, the replay says ${next?.operator_id ?? null}`];
}

function outcomeFaults({ outcome, operator_id }: Decision, operatorId: OperatorId | null): string[] {
  const faults: string[] = [];
  const replayed = operatorId === null ? 'waiting' : 'assigned';
  if (outcome !== replayed) faults.push(`the outcome is recorded as ${outcome}, the replay says ${replayed}`);
  if (operator_id !== operatorId) {
    faults.push(`operator ${operator_id} is recorded as the chosen one, the replay says ${operatorId}`);
  }
  return faults;
}
