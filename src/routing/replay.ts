import type { Candidate, Decision, RefusalReason } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import { refusalByNumbers } from './candidate.ts';
import { LEAD, WINDOW } from './explain.ts';

/** Whom a record's own numbers choose, null for nobody, and what in the record does not fit the rest of it. */
export type Replay = { operatorId: OperatorId | null; faults: string[] };

/** A candidate judged anew: `weight` is what it stands in the draw with, `before` that of all before it. */
type Standing = { candidate: Candidate; reason: RefusalReason | null; weight: number; before: number };

/**
 * Runs the rule again on a decision's record. Eligibility, sums and the holder of the draw come from the loads, caps,
 * weights and the reasons that numbers cannot show; outcome and operator are compared with them only at the end.
 * The one exception is `prefer_last`: nothing is drawn there, so the recorded operator is asked for its eligibility.
 * A record that shows fewer candidates than it counts is a part, and is taken at its word for what stands outside.
 */
export function replay(record: Decision): Replay {
  const standings = judgeAnew(record);
  const chosen = record.rule === 'prefer_last' ? preferred(record, standings) : holder(record, standings);
  const operatorId = chosen?.candidate.operator_id ?? null;
  const faults = [
    ...countFaults(record),
    ...standings.flatMap(candidateFaults),
    ...orderFaults(standings),
    ...totalFaults(record, standings, chosen),
    ...refusedFaults(record, standings),
    ...drawFaults(record, chosen),
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

function drawFaults({ rule, draw, total_weight: total }: Decision, chosen?: Standing): string[] {
  switch (rule) {
    case 'prefer_last':
      if (draw !== null) return [`${draw} was drawn although the contact went to its last operator`];
      return chosen === undefined ? ['the last operator is no eligible candidate of the record'] : [];
    case 'strategy':
      if (draw === null)
        return total === 0 ? [] : [`nothing was drawn although the total weight is ${total}`];
      if (draw >= total) return [`the draw ${draw} is not below the total weight ${total}`];
      return chosen === undefined ? [`the draw ${draw} belongs to no candidate of the record`] : [];
  }
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
