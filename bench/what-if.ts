import { setImmediate as nextTurn } from 'node:timers/promises';
import { Strategy } from '../src/contract/decision.ts';
import { OperatorId, SourceId } from '../src/contract/ids.ts';
import { SIMULATION_LIMITS, SimulationCreate } from '../src/contract/simulate.ts';
import type { Actor } from '../src/desk/actor.ts';
import type { Desk } from '../src/desk/desk.ts';
import { openDesk } from '../src/desk/open-desk.ts';
import { simulateRouting } from '../src/desk/simulate-routing.ts';
import { openLog } from '../src/log.ts';
import { simulate } from '../src/routing/simulate.ts';
import { syntheticLoad } from '../src/routing/synthetic-load.ts';
import { fillSqlite } from './fill.ts';
import { atLeastOne, goalAtMost, type Part } from './part.ts';
import { admin } from './seed.ts';
import { seedSqlite } from './seeded.ts';
import { inTurn, median, spread } from './statistics.ts';

const ROUNDS = 5;
const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_LOAD = 5;
/** What part of all seats the load would keep busy. */
const USED = 0.9;
const FLOORS = [
  { sources: 3, operators: 20 },
  { sources: 10, operators: 100 },
  { sources: 10, operators: 1_000 },
  { sources: 500, operators: 40 },
];

const supervisor: Actor = { ...admin, role: 'supervisor' };

export const whatIf: Part = {
  name: 'what-if',
  title: 'What if: a simulation of 100,000 contacts',
  about:
    'Both runs of a simulation, as things stand and with changes. First the engine alone, with every operator on every ' +
    `source, ${MAX_LOAD} seats each and a load that keeps ${USED * 100} % of them busy. Then \`POST /routing/simulate\` ` +
    'without its HTTP, over contacts in a SQLite file; beside it the longest time for which it held the event loop.',
  async run(bench) {
    const contacts = bench.isShort ? 1_000 : SIMULATION_LIMITS.contacts - 1_000;
    const rounds = atLeastOne(ROUNDS, bench);
    const rows: string[][] = [];
    const dearest: number[] = [];
    for (const floor of FLOORS) {
      const runs = Strategy.options.map((strategy) => () => timeTwice({ ...floor, strategy, contacts }));
      const series = await inTurn(rounds, runs);
      dearest.push(...series.map(median));
      const name = `${floor.sources} sources, ${floor.operators} operators`;
      rows.push([name, ...series.map((one) => spread(one))]);
    }
    const seeded = await seedSqlite(bench, 'what-if');
    fillSqlite(seeded.file, contacts);
    const past = await timeHistory(seeded.url, rounds);
    return {
      tables: [
        { head: ['both runs', ...Strategy.options.map((strategy) => `${strategy}, ms`)], rows },
        {
          head: ['contacts of the past', 'ms', 'event loop held, ms'],
          rows: [[contacts.toLocaleString('en'), spread(past.times), spread(past.held, 1)]],
        },
      ],
      goals: [
        goalAtMost('a simulation of 100,000 contacts, ms', Math.max(...dearest, median(past.times)), 2_000),
        goalAtMost('the event loop held at a time, ms', median(past.held), 20),
      ],
    };
  },
};

type Floor = { sources: number; operators: number; strategy: Strategy; contacts: number };

function timeTwice({ sources, operators, strategy, contacts }: Floor): number {
  const seats = Array.from({ length: operators }, (_, n) => ({
    operatorId: OperatorId.parse(n + 1),
    isActive: true,
    maxLoad: MAX_LOAD,
  }));
  const sourceIds = Array.from({ length: sources }, (_, n) => SourceId.parse(n + 1));
  const weights = new Map(seats.map(({ operatorId }) => [operatorId, 1 + (operatorId % 7)]));
  const rate = contacts / DAY_MS;
  const load = {
    sourceIds,
    rate,
    meanHandling: (USED * operators * MAX_LOAD) / rate,
    duration: DAY_MS,
    seed: 1,
  };
  const start = performance.now();
  for (let run = 0; run < 2; run++) {
    const steps = simulate({
      sources: sourceIds.map((sourceId) => ({ sourceId, isActive: true, strategy, weights })),
      operators: seats,
      contacts: syntheticLoad(load),
      duration: DAY_MS,
      seed: 1,
    });
    while (!steps.next().done);
  }
  return performance.now() - start;
}

async function timeHistory(
  databaseUrl: string,
  rounds: number,
): Promise<{ times: number[]; held: number[] }> {
  await using desk = await openDesk({
    databaseUrl,
    secretKey: Buffer.alloc(32),
    routingSeed: 'bench',
    log: openLog('silent'),
  });
  await closeAll(desk);
  const [times, held]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const watch = watchLoop();
    const start = performance.now();
    await simulateRouting(desk, supervisor, SimulationCreate.parse({ seed: round }));
    times.push(performance.now() - start);
    held.push(await watch());
  }
  return { times, held };
}

/** Everybody has 50 seats, and most contacts have ended: after a minute up to almost three. */
async function closeAll(desk: Desk): Promise<void> {
  await desk.store.write(async (tx) => {
    await tx.em.execute('update operator set max_load = 50');
    await tx.em.execute(
      `update contact set status = 'closed', closed_at = assigned_at + 60000 + id * 7919 % 100000
        where status = 'assigned' and id % 10 > 0`,
    );
  });
}

/** Looks at the clock in every turn of the event loop until it is asked for the longest one. */
function watchLoop(): () => Promise<number> {
  let isOver = false;
  let longest = 0;
  const watching = (async () => {
    for (let last = performance.now(); !isOver;) {
      await nextTurn();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    return longest;
  };
}
