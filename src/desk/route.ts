import type { Candidate, Decision, Trigger } from '../contract/decision.ts';
import type { ContactId, OperatorId, SourceId } from '../contract/ids.ts';
import { type Excluded, nobody } from '../routing/candidate.ts';
import { decide, type Verdict } from '../routing/decide.ts';
import { type Explanation, explain } from '../routing/explain.ts';
import type { Pool } from '../routing/pool.ts';
import type { NewRow } from '../store/shapes.ts';
import type { Desk } from './desk.ts';
import type { Roster } from './roster.ts';

/** A contact that looks for an operator. */
export type Seeker = {
  contactId: ContactId;
  sourceId: SourceId;
  /** How many decisions were taken on it before. */
  attempt: number;
  trigger: Trigger;
  /** Who had the lead last, where the source returns leads to them. */
  prefer: OperatorId | null;
  /** Whom it passes over: who has just given it back, and who did not accept it. */
  except: Excluded;
};

/** The record of one decision, before it has its id. */
export type DecisionDraft = Omit<NewRow<'decision'>, 'id'>;

/** Runs the rule for one contact, raises the load of whoever gets it in the roster, and tells what came out. */
export function route(desk: Desk, roster: Roster, seeker: Seeker, at: Date): DecisionDraft {
  const pool = roster.pool(seeker.sourceId);
  const verdict = decide(pool, desk.drawFor(seeker.contactId, seeker.attempt), seeker);
  const explanation = explain(pool, verdict);
  roster.carryOut(seeker.sourceId, verdict);
  return draft(roster, seeker, explanation, at);
}

/** Until when whoever gets a contact of the source now has to accept it; null where nothing is offered. */
export function offerEnd(roster: Roster, sourceId: SourceId, at: Date): Date | null {
  const { offerSeconds } = roster.source(sourceId)!;
  return offerSeconds === 0 ? null : new Date(at.getTime() + offerSeconds * 1000);
}

/** The record of a contact that lines up behind older ones, whoever may be free. */
export function lineUp(roster: Roster, seeker: Seeker, at: Date): DecisionDraft {
  const pool = roster.pool(seeker.sourceId);
  const undecided: Verdict = { outcome: 'waiting', totalWeight: 0, except: nobody };
  return draft(roster, seeker, behindOlder(pool, explain(pool, undecided)), at);
}

function behindOlder(pool: Pool, explanation: Explanation): Explanation {
  const counted = Object.values(pool.refusedCounts()).reduce((sum, count) => sum + count, 0);
  const free = pool.size - counted;
  return {
    ...explanation,
    refused: free === 0 ? explanation.refused : { ...explanation.refused, 'older-first': free },
    candidates: explanation.candidates.map(refusedAsYounger),
  };
}

function refusedAsYounger(candidate: Candidate): Candidate {
  const reason = candidate.reason ?? 'older-first';
  return { ...candidate, eligible: false, reason, weight_before: 0 };
}

function draft(roster: Roster, seeker: Seeker, explanation: Explanation, at: Date): DecisionDraft {
  return {
    contactId: seeker.contactId,
    at,
    strategy: roster.source(seeker.sourceId)!.strategy,
    rule: explanation.rule,
    triggerKind: seeker.trigger,
    outcome: explanation.outcome,
    operatorId: explanation.operator_id,
    refused: explanation.refused,
    candidateCount: explanation.candidate_count,
    candidates: explanation.candidates,
    totalWeight: explanation.total_weight,
    draw: explanation.draw,
    turn: explanation.turn,
    runnerUp: explanation.runner_up,
    situation: explanation.situation,
    configVersion: roster.configVersion,
  };
}

/** The wire form of a decision that has just been written. */
export function draftView({ id, ...row }: NewRow<'decision'>): Decision {
  return {
    id,
    at: row.at.toISOString(),
    strategy: row.strategy,
    rule: row.rule,
    trigger: row.triggerKind,
    outcome: row.outcome,
    operator_id: row.operatorId,
    refused: row.refused,
    candidate_count: row.candidateCount,
    candidates: row.candidates,
    total_weight: row.totalWeight,
    draw: row.draw,
    turn: row.turn,
    runner_up: row.runnerUp,
    config_version: row.configVersion,
  };
}
