import { OperatorId } from '../src/contract/ids.ts';
import { Strategy } from '../src/contract/decision.ts';
import type { Facts } from '../src/routing/candidate.ts';
import { carryOut, decide } from '../src/routing/decide.ts';
import { Pool } from '../src/routing/pool.ts';
import type { Draw } from '../src/routing/strategy.ts';
import { goalAtMost, type Part } from './part.ts';
import { inTurn, median, spread } from './statistics.ts';

/** Something that chooses an operator and is told how loads change. */
type Picker = { pick: () => OperatorId; changeLoad: (id: OperatorId, change: 1 | -1) => void };

const STRATEGIES = Strategy.options;
const SIZES = [10, 100, 1_000, 10_000];
const MAX_LOAD = 5;
const SATURATION = 0.6;
const ROUNDS = 5;
const ROUND_MS = 100;

const draw: Draw = (below) => Math.floor(Math.random() * below);

export const pick: Part = {
  name: 'pick',
  title: 'One pick, by strategy and the number of operators',
  about:
    'The engine alone, in one process: a pick tells the strategy and raises the load of the chosen operator, and lowers ' +
    'that of the oldest. Beside it the plain way, which filters the eligible ones and adds their weights up anew for ' +
    'each pick.',
  async run() {
    const rows: string[][] = [];
    const bySize: number[][] = [];
    for (const operators of SIZES) {
      const facts = someFacts(operators);
      const pickers = [...STRATEGIES.map((strategy) => overPool(strategy, facts)), overArray(facts)];
      const rounds = await inTurn(
        ROUNDS,
        pickers.map((picker) => timerOf(picker, operators)),
      );
      const medians = rounds.map(median);
      bySize.push(medians);
      const ratio = (medians.at(-1)! / medians[0]!).toFixed(1);
      rows.push([operators.toLocaleString('en'), ...rounds.map((round) => spread(round)), ratio]);
    }
    const [smallest, largest] = [bySize[0]!, bySize.at(-1)!];
    return {
      tables: [
        {
          head: [
            'operators',
            ...STRATEGIES.map((strategy) => `${strategy}, ns`),
            'filter and add, ns',
            'filter and add : weighted_random',
          ],
          rows,
        },
      ],
      goals: [
        goalAtMost('a pick at 10,000 operators : at 10', largest[0]! / smallest[0]!, 5),
        ...STRATEGIES.map((strategy, n) =>
          goalAtMost(
            `${strategy}: the dearest pick, µs`,
            Math.max(...bySize.map((medians) => medians[n]!)) / 1000,
            strategy === 'smooth_weighted' ? 1 : 0.5,
          ),
        ),
      ],
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

function overPool(strategy: Strategy, facts: Facts[]): Picker {
  const pool = new Pool({ isActive: true, requirePresence: false, strategy }, facts);
  return {
    pick() {
      const verdict = decide(pool, draw);
      if (verdict.outcome === 'waiting') throw new Error('nobody is eligible');
      carryOut(pool, verdict);
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
