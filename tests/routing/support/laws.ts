import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { type Excluded, type Facts, nobody, refusalOf } from '../../../src/routing/candidate.ts';
import { Pool } from '../../../src/routing/pool.ts';
import { chosenBy, recordOf } from './builders.ts';
import type { Engine } from './engine.ts';
import { forgeries } from './forgeries.ts';
import { runNaively } from './naive.ts';
import { runs } from './runs.ts';
import { play, type Run, someScenario } from './scenario.ts';

/**
 * What holds for every run of an engine. `check` throws with a counterexample where it does not: the smallest one, or
 * with `endOnFailure` the first.
 */
export type Law = { says: string; check: (engine: Engine, options?: { endOnFailure: boolean }) => void };

function law(says: string, holds: (run: Run, engine: Engine) => boolean): Law {
  return {
    says,
    check(engine, options) {
      const property = fc.property(someScenario, (scenario) =>
        play(engine, scenario).every((run) => holds(run, engine)),
      );
      fc.assert(property, { seed: 20_260_101, numRuns: runs(400), ...options });
    },
  };
}

function lawOfTheChosen(says: string, holds: (chosen: Facts, run: Run) => boolean): Law {
  return law(says, (run) => {
    const id = chosenBy(run.verdict);
    return id === null || run.facts.some((one) => one.operatorId === id && holds(one, run));
  });
}

export const capHolds = lawOfTheChosen(
  'an operator at or above its cap gets nothing',
  (chosen) => chosen.load < chosen.maxLoad,
);

export const zeroExcludes = lawOfTheChosen(
  'an operator of weight 0 gets nothing',
  (chosen) => chosen.weight > 0,
);

export const absentGetNothing = lawOfTheChosen(
  'an inactive, paused, finishing or, where it matters, offline operator gets nothing',
  (chosen, { rules }) =>
    chosen.isActive && chosen.availability === 'available' && (chosen.isOnline || !rules.requirePresence),
);

export const sourceSwitchHolds = lawOfTheChosen(
  'a source that is switched off gives nothing',
  (_, { rules }) => rules.isActive,
);

export const releaserIsLeftOut = lawOfTheChosen(
  'an operator does not get back what it released',
  (chosen, { wish }) => !wish.except?.has(chosen.operatorId),
);

export const oneOutcome = law(
  'a run ends with one operator of the pool, or with nobody and no weight',
  ({ verdict, facts }) => {
    switch (verdict.outcome) {
      case 'assigned':
        return facts.filter((one) => one.operatorId === verdict.operatorId).length === 1;
      case 'waiting':
        return verdict.totalWeight === 0 && !('operatorId' in verdict);
    }
  },
);

export const waitsOnlyWithoutAnybody = law(
  'a contact waits if and only if nobody is eligible',
  ({ rules, facts, wish, luck, verdict }) => {
    const { eligible } = runNaively(rules, facts, wish, luck);
    return (verdict.outcome === 'waiting') === (eligible.length === 0);
  },
);

export const choosesLikeTheNaiveRule = law(
  'the chosen one is whom filter-and-reduce in the order of ids chooses with the same draw',
  ({ rules, facts, wish, luck, verdict }) => {
    const naive = runNaively(rules, facts, wish, luck);
    return chosenBy(verdict) === naive.operatorId && verdict.totalWeight === naive.totalWeight;
  },
);

export const preferredNeedsNoDraw = law(
  'a preferred operator who is eligible gets the contact without a draw',
  ({ rules, facts, wish, luck, verdict }) => {
    const { eligible } = runNaively(rules, facts, wish, luck);
    const isPreferred = eligible.some((one) => one.operatorId === wish.prefer);
    if (verdict.outcome === 'waiting') return !isPreferred;
    return isPreferred === (verdict.rule === 'prefer_last') && isPreferred === (verdict.ticket === null);
  },
);

export const poolStaysTrue = law(
  'a pool told of loads, asked and explained equals one built afresh',
  ({ rules, facts, pool, verdict }, engine) => {
    engine.explain(pool, verdict);
    return isDeepStrictEqual(stateOf(pool), stateOf(new Pool(rules, facts)));
  },
);

export const explainsTheRun = law(
  'an explanation counts all who were refused and shows a row of candidates that holds the chosen one',
  ({ rules, facts, wish, pool, verdict }, engine) => {
    const explanation = engine.explain(pool, verdict);
    const all = candidatesOf(rules, facts, wish.except ?? nobody);
    const shown = explanation.candidates;
    const start = Math.max(
      0,
      all.findIndex((one) => one.operator_id === shown[0]?.operator_id),
    );
    const chosen = chosenBy(verdict);
    return (
      shown.length === Math.min(20, all.length) &&
      isDeepStrictEqual(shown, all.slice(start, start + shown.length)) &&
      isDeepStrictEqual(explanation.refused, countRefusals(all)) &&
      (chosen === null ? start === 0 : shown.some((one) => one.operator_id === chosen && one.eligible))
    );
  },
);

export const recordReplays = law(
  'the record of a decision replays to the same operator, without a fault',
  ({ pool, verdict }, engine) => {
    const replayed = engine.replay(recordOf(engine.explain(pool, verdict)));
    return isDeepStrictEqual(replayed, { operatorId: chosenBy(verdict), faults: [] });
  },
);

export const replayReadsNoOutcome = law(
  'what a drawn record replays to does not depend on its outcome and operator',
  ({ pool, verdict, facts }, engine) => {
    const record = recordOf(engine.explain(pool, verdict));
    if (record.rule === 'prefer_last') return true;
    const other = facts.find((one) => one.operatorId !== record.operator_id)?.operatorId ?? null;
    const lies = [
      { ...record, outcome: 'waiting' as const, operator_id: null },
      { ...record, outcome: 'assigned' as const, operator_id: other },
    ];
    return lies.every((lie) => engine.replay(lie).operatorId === chosenBy(verdict));
  },
);

export const forgeryIsReported = law(
  'a record with a changed draw, weight, cap, load, verdict, sum, count or outcome is reported',
  ({ pool, verdict }, engine) =>
    forgeries(recordOf(engine.explain(pool, verdict))).every(
      (forged) => engine.replay(forged).faults.length > 0,
    ),
);

function stateOf(pool: Pool) {
  const { size, totalWeight } = pool;
  const everybody = pool.around(null, 0, size);
  return {
    size,
    totalWeight,
    refused: pool.refusedCounts(),
    candidates: everybody.map((facts) => ({
      facts,
      isEligible: pool.isEligible(facts.operatorId),
      weight: pool.effectiveWeight(facts.operatorId),
      weightBefore: pool.weightBefore(facts.operatorId),
    })),
  };
}

function candidatesOf(rules: Run['rules'], facts: readonly Facts[], except: Excluded) {
  let sum = 0;
  return facts.map((one) => {
    const reason = refusalOf(rules, one) ?? except.get(one.operatorId) ?? null;
    const weightBefore = sum;
    if (reason === null) sum += one.weight;
    return {
      operator_id: one.operatorId,
      weight: one.weight,
      load: one.load,
      max_load: one.maxLoad,
      eligible: reason === null,
      reason,
      weight_before: weightBefore,
    };
  });
}

function countRefusals(candidates: ReturnType<typeof candidatesOf>) {
  const refused = candidates.map(({ reason }) => reason).filter((reason) => reason !== null);
  return Object.fromEntries(
    Object.entries(Object.groupBy(refused, (reason) => reason)).map(([reason, all]) => [reason, all.length]),
  );
}
