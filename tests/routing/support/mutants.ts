import type { OperatorId } from '../../../src/contract/ids.ts';
import { type Facts, nobody, type SourceRules } from '../../../src/routing/candidate.ts';
import type { Wish } from '../../../src/routing/decide.ts';
import { Pool } from '../../../src/routing/pool.ts';
import { chosenBy, operator } from './builders.ts';
import { type Engine, engine } from './engine.ts';
import * as laws from './laws.ts';

/** A deliberately wrong engine and the law that must catch it. */
type Mutant = [does: string, engine: Engine, breaks: laws.Law];

/** Never hears of a load. */
class DeafPool extends Pool {
  override setLoad() {}
}

/** Hears of seats that are taken, not of those that come free. */
class GreedyPool extends Pool {
  override setLoad(id: OperatorId, load: number) {
    if (load > (this.facts(id)?.load ?? 0)) super.setLoad(id, load);
  }
}

export const ignoresWeight = seeing(({ weight }) => ({ weight: Math.min(weight, 1) }));

export const mutants: Mutant[] = [
  ['ignores the cap', seeing(() => ({ maxLoad: 1_000 })), laws.capHolds],
  ['gives one above the cap', seeing(({ maxLoad }) => ({ maxLoad: maxLoad + 1 })), laws.capHolds],
  ['forgets what it gave', pooling(DeafPool), laws.capHolds],
  ['forgets that seats come free', pooling(GreedyPool), laws.poolStaysTrue],
  ['lets contacts wait beside free seats', pooling(GreedyPool), laws.waitsOnlyWithoutAnybody],
  ['ignores weight', ignoresWeight, laws.choosesLikeTheNaiveRule],
  ['takes weight 0 for 1', seeing(({ weight }) => ({ weight: Math.max(weight, 1) })), laws.zeroExcludes],
  ['ignores who is inactive', seeing(() => ({ isActive: true })), laws.absentGetNothing],
  ['ignores who is paused', seeing(() => ({ availability: 'available' })), laws.absentGetNothing],
  ['ignores who is offline', seeing(() => ({ isOnline: true })), laws.absentGetNothing],
  ['gives for a source that is off', ruledBy({ isActive: true }), laws.sourceSwitchHolds],
  ['gives back to the releaser', wishing({ except: nobody }), laws.releaserIsLeftOut],
  ['forgets the last operator', wishing({ prefer: null }), laws.preferredNeedsNoDraw],
  ['is off by one in the draw', drawingNext(), laws.choosesLikeTheNaiveRule],
  ['gives to somebody from elsewhere', pooling(DeafPool, strangers), laws.oneOutcome],
  ['shows the first candidates always', explainingTheFirst(), laws.explainsTheRun],
  ['explains after the load was raised', explainingTooLate(), laws.recordReplays],
  ['replays what is recorded', believing(), laws.replayReadsNoOutcome],
  ['reports no fault', believing(), laws.forgeryIsReported],
  ['replays without looking at caps', replayingWithFreeSeats(), laws.forgeryIsReported],
  ['replays without adding up', replayingWithoutSums(), laws.forgeryIsReported],
];

function seeing(change: (one: Facts) => Partial<Facts>): Engine {
  return {
    ...engine,
    open: (rules, facts) =>
      engine.open(
        rules,
        facts.map((one) => ({ ...one, ...change(one) })),
      ),
  };
}

function pooling(Kind: typeof Pool, change = (facts: readonly Facts[]) => facts): Engine {
  return { ...engine, open: (rules, facts) => new Kind(rules, change(facts)) };
}

function strangers(facts: readonly Facts[]): Facts[] {
  return facts.map((one) => ({ ...one, operatorId: operator(one.operatorId + 1_000_000) }));
}

function ruledBy(change: Partial<SourceRules>): Engine {
  return { ...engine, open: (rules, facts) => engine.open({ ...rules, ...change }, facts) };
}

function wishing(change: Wish): Engine {
  return { ...engine, decide: (pool, draw, wish) => engine.decide(pool, draw, { ...wish, ...change }) };
}

function drawingNext(): Engine {
  return {
    ...engine,
    decide: (pool, draw, wish) => engine.decide(pool, (below) => (draw(below) + 1) % below, wish),
  };
}

function explainingTheFirst(): Engine {
  return {
    ...engine,
    explain(pool, verdict) {
      const { candidates } = engine.explain(pool, { ...verdict, outcome: 'waiting', totalWeight: 0 });
      return { ...engine.explain(pool, verdict), candidates };
    },
  };
}

function explainingTooLate(): Engine {
  return {
    ...engine,
    explain(pool, verdict) {
      const id = chosenBy(verdict);
      const load = id === null ? 0 : pool.facts(id)!.load;
      if (id !== null) pool.setLoad(id, load + 1);
      const explanation = engine.explain(pool, verdict);
      if (id !== null) pool.setLoad(id, load);
      return explanation;
    },
  };
}

function believing(): Engine {
  return { ...engine, replay: ({ operator_id }) => ({ operatorId: operator_id, faults: [] }) };
}

function replayingWithFreeSeats(): Engine {
  return {
    ...engine,
    replay(record) {
      const candidates = record.candidates.map((one) =>
        one.eligible ? { ...one, max_load: one.load + 1 } : one,
      );
      return engine.replay({ ...record, candidates });
    },
  };
}

function replayingWithoutSums(): Engine {
  return {
    ...engine,
    replay(record) {
      const { operatorId, faults } = engine.replay(record);
      return { operatorId, faults: faults.filter((fault) => !fault.includes('the sum is')) };
    },
  };
}
