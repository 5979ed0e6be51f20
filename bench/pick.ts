import { OperatorId } from '../src/contract/ids.ts';
import type { Facts, SourceRules } from '../src/routing/candidate.ts';
import { decide, type Draw } from '../src/routing/decide.ts';
import { Pool } from '../src/routing/pool.ts';
import { goalAtMost, type Part } from './part.ts';
import { inTurn, median, spread } from './statistics.ts';

/** Something that chooses an operator and is told how loads change. */
type Picker = { pick: () => OperatorId; changeLoad: (id: OperatorId, change: 1 | -1) => void };

const SIZES = [10, 100, 1_000, 10_000];
const MAX_LOAD = 5;
const SATURATION = 0.6;
const ROUNDS = 5;
const ROUND_MS = 100;

const rules: SourceRules = { isActive: true, requirePresence: false, strategy: 'weighted_random' };
const draw: Draw = (below) => Math.floor(Math.random() * below);

export const pick: Part = {
  name: 'pick',
  title: 'One pick, by the number of operators',
  about:
    'The engine alone, in one process: a pick raises the load of the chosen operator and lowers that of the oldest. ' +
    'Beside it the plain way, which filters the eligible ones and adds their weights up anew for each pick.',
  async run() {
    const rows: string[][] = [];
    const medians: number[] = [];
    for (const operators of SIZES) {
      const facts = someFacts(operators);
      const timers = [timerOf(overTree(facts), operators), timerOf(overArray(facts), operators)];
      const [ours, plain] = (await inTurn(ROUNDS, timers)) as [number[], number[]];
      medians.push(median(ours));
      const ratio = (median(plain) / median(ours)).toFixed(1);
      rows.push([operators.toLocaleString('en'), spread(ours), spread(plain), ratio]);
    }
    const head = ['operators', 'pick, ns', 'filter and add, ns', 'filter and add : pick'];
    const growth = medians.at(-1)! / medians[0]!;
    return {
      tables: [{ head, rows }],
      goals: [goalAtMost('a pick at 10,000 operators : at 10', growth, 5)],
    };
  },
};

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
function timerOf(picker: Picker, operators: number): () => number {
  const open = Array.from({ length: Math.floor(operators * 0.9 * MAX_LOAD * SATURATION) }, () => {
    const id = picker.pick();
    picker.changeLoad(id, 1);
    return id;
  });
  let oldest = 0;
  const pickOnce = () => {
    const id = picker.pick();
    picker.changeLoad(id, 1);
    picker.changeLoad(open[oldest]!, -1);
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
