import type { Candidate, Decision } from '../../../src/contract/decision.ts';

/**
 * Copies of an honest record with one thing changed in each, all such that the change matters: it would move the
 * choice, or breaks what the record says about itself. A record that shows a part hides candidates behind its last one,
 * so the last one's weight, the total and the counts are left alone there.
 */
export function* forgeries(record: Decision): Generator<Decision> {
  const isPart = record.candidate_count > record.candidates.length;
  yield* drawForgeries(record);
  yield* outcomeForgeries(record);
  yield { ...record, candidate_count: record.candidates.length === 20 ? 19 : record.candidate_count + 1 };
  if (!isPart) yield* totalForgeries(record);
  for (const [place, candidate] of record.candidates.entries()) {
    const isHidden = isPart && place === record.candidates.length - 1;
    for (const change of candidateForgeries(candidate, isHidden)) {
      yield { ...record, candidates: record.candidates.with(place, { ...candidate, ...change }) };
    }
  }
  if (record.candidates.length > 1) yield { ...record, candidates: record.candidates.toReversed() };
}

function* drawForgeries(record: Decision): Generator<Decision> {
  yield { ...record, draw: record.total_weight };
  if (record.rule === 'prefer_last') yield { ...record, draw: 0 };
  if (record.draw === null) return;
  yield { ...record, draw: null };
  const others = record.candidates.filter((one) => one.eligible && one.operator_id !== record.operator_id);
  for (const { weight_before } of others) yield { ...record, draw: weight_before };
  if (record.candidates[0]!.weight_before > 0) yield { ...record, draw: 0 };
}

function* outcomeForgeries(record: Decision): Generator<Decision> {
  if (record.outcome === 'assigned') {
    yield { ...record, outcome: 'waiting', operator_id: null };
    yield { ...record, operator_id: null };
  } else {
    yield { ...record, outcome: 'assigned' };
    yield { ...record, rule: 'prefer_last' };
  }
  // Another eligible one might have been the last operator as well: nothing in the record speaks against it.
  const isFree = (one: Candidate) => one.eligible && record.rule === 'prefer_last';
  for (const one of record.candidates) {
    if (one.operator_id !== record.operator_id && !isFree(one))
      yield { ...record, operator_id: one.operator_id };
  }
}

function* totalForgeries(record: Decision): Generator<Decision> {
  yield { ...record, total_weight: record.total_weight + 1 };
  if (record.total_weight > 0) yield { ...record, total_weight: record.total_weight - 1 };
  yield { ...record, refused: { ...record.refused, 'at-cap': (record.refused['at-cap'] ?? 0) + 1 } };
}

function* candidateForgeries(candidate: Candidate, isHidden: boolean): Generator<Partial<Candidate>> {
  const { weight, load, eligible, reason } = candidate;
  yield { eligible: !eligible };
  yield { weight_before: candidate.weight_before + 1 };
  if (eligible) {
    yield { weight: 0 };
    yield { max_load: load };
    yield { load: candidate.max_load };
    if (!isHidden) yield { eligible: false, reason: 'paused' };
    if (!isHidden) yield { weight: weight + 1 };
    if (!isHidden && weight > 1) yield { weight: weight - 1 };
  }
  if (reason === 'zero-weight') yield { weight: 1 };
  if (reason === 'at-cap') {
    yield { weight: 0 };
    yield { max_load: load + 1 };
    yield { eligible: true, reason: null };
  }
  if (reason === 'released-by') yield { max_load: load };
}
