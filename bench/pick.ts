import { OperatorId } from '../src/contract/ids.ts';
import type { Facts, SourceRules } from '../src/routing/candidate.ts';
import { decide, type Draw } from '../src/routing/decide.ts';
import { Pool } from '../src/routing/pool.ts';

/** One pick among so many operators: the engine's cost, and that of the limit beside it in the same run. */
export type PickRow = { operators: number; pickNs: number; filterReduceNs: number };

/** Something that chooses an operator and is told how loads change. */
type Picker = { pick: () => OperatorId; changeLoad: (id: OperatorId, change: 1 | -1) => void };

const SIZES = [10, 100, 1_000, 10_000];
const MAX_LOAD = 5;
const SATURATION = 0.6;
const ROUNDS = 5;
const ROUND_MS = 100;

const rules: SourceRules = { isActive: true, requirePresence: false, strategy: 'weighted_random' };
const draw: Draw = (below) => Math.floor(Math.random() * below);

/** Times picks at 10 … 10,000 operators; a pick raises the load of the chosen one and lowers that of the oldest. */
export function benchPick(): PickRow[] {
  return SIZES.map((operators) => {
    const facts = someFacts(operators);
    const ours = timerOf(overTree(facts), operators);
    const plain = timerOf(overArray(facts), operators);
    const rounds = Array.from({ length: ROUNDS }, () => ({ ours: ours(), plain: plain() }));
    return {
      operators,
      pickNs: median(rounds.map((round) => round.ours)),
      filterReduceNs: median(rounds.map((round) => round.plain)),
    };
  });
}

/** How much dearer a pick is in the largest pool than in the smallest. */
export function growthOf(rows: PickRow[]): number {
  return rows.at(-1)!.pickNs / rows[0]!.pickNs;
}

/** Prints the rows as a table, and the growth with its goal below it. */
export function printPick(rows: PickRow[]): void {
  console.table(
    rows.map(({ operators, pickNs, filterReduceNs }) => ({
      operators,
      'pick, ns': Math.round(pickNs),
      'filter-and-reduce, ns': Math.round(filterReduceNs),
      'filter-and-reduce / pick': Number((filterReduceNs / pickNs).toFixed(2)),
    })),
  );
  console.log(`a pick at 10,000 operators / at 10: ${growthOf(rows).toFixed(2)} (goal: below 5)`);
}

/** Every tenth operator is inactive, weights go from 1 to 7. */
function someFacts(operators: number): Facts[] {
  return Array.from({ length: operators }, (_, place) => ({
    operatorId: OperatorId.parse(place + 1),
    weight: 1 + (place % 7),
    isActive: place % 10 !== 0,
    availability: 'available',
    isOnline: true,
    load: 0,
    maxLoad: MAX_LOAD,
  }));
}

function overTree(facts: Facts[]): Picker {
  const pool = new Pool(rules, facts);
  return {
    pick() {
      const verdict = decide(pool, draw);
      if (verdict.outcome === 'waiting') throw new Error('nobody is eligible');
      return verdict.operatorId;
    },
    changeLoad(id, change) {
      pool.setLoad(id, pool.facts(id)!.load + change);
    },
  };
}

/** The plain way: the eligible ones filtered out and their weights summed anew for each pick. */
function overArray(facts: Facts[]): Picker {
  const operators = facts.map((one) => ({ ...one }));
  return {
    pick() {
      const eligible = operators.filter((one) => one.isActive && one.load < one.maxLoad);
      let ticket = draw(eligible.reduce((sum, one) => sum + one.weight, 0));
      for (const one of eligible) {
        ticket -= one.weight;
        if (ticket < 0) return one.operatorId;
      }
      throw new Error('nobody is eligible');
    },
    changeLoad(id, change) {
      operators[id - 1]!.load += change;
    },
  };
}

/** Gives a function that runs one round and tells the nanoseconds of one pick; the pool stays at its saturation. */
function timerOf({ pick, changeLoad }: Picker, operators: number): () => number {
  const open = Array.from({ length: Math.floor(operators * 0.9 * MAX_LOAD * SATURATION) }, () => {
    const id = pick();
    changeLoad(id, 1);
    return id;
  });
  let oldest = 0;
  const pickOnce = () => {
    const id = pick();
    changeLoad(id, 1);
    changeLoad(open[oldest]!, -1);
    open[oldest] = id;
    oldest = (oldest + 1) % open.length;
  };
  return () => {
    const start = performance.now();
    let picks = 0;
    let elapsed = 0;
    while (elapsed < ROUND_MS) {
      for (let i = 0; i < 50; i++) pickOnce();
      picks += 50;
      elapsed = performance.now() - start;
    }
    return (elapsed * 1e6) / picks;
  };
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

if (import.meta.main) printPick(benchPick());
