import { startGateway, type Started, usageOf } from './gateway.ts';
import { join } from 'node:path';
import { load } from './load.ts';
import { atLeastOne, type Bench, goalAtMost, type Part } from './part.ts';
import { seedSqlite } from './seeded.ts';
import { startServer } from '../tests/support/gateway.ts';
import { inTurn, median, spread } from './statistics.ts';
import { newContact } from './traffic.ts';

const STARTS = 7;
const IDLE_SECONDS = 3;
const CONTACTS = 100_000;
const READY_GOAL_MS = 1_000;
const RSS_GOAL_MB = 160;

export const startup: Part = {
  name: 'startup',
  title: 'Start and memory',
  about:
    'From the start of the process to the first 200 of /readyz, on SQLite with the built console, as `npm start` runs ' +
    'it: on a new file (schema and key are made) and on one that is there. The limit is a Node process that answers ' +
    'with nothing but node:http. Memory is the resident set, that of Node itself included.',
  async run(bench) {
    const seeded = await seedSqlite(bench, 'startup');
    let fresh = 0;
    const onNew = () => timeStart(() => startGateway({ DATABASE_URL: newFile(bench, ++fresh) }));
    const onOld = () => timeStart(() => startGateway(seeded.env));
    await onOld();
    const [news, olds, bares] = await inTurn(atLeastOne(STARTS, bench), [
      onNew,
      onOld,
      () => timeStart(startBare),
    ]);
    const memory = await measureMemory(bench, seeded.env);
    const bareMb = await bareMemory();
    const [ready, bareReady] = [median(olds!), median(bares!)];
    return {
      tables: [
        {
          head: ['start', 'ms to ready', 'to bare Node'],
          rows: [
            ['new file', spread(news!), (median(news!) / bareReady).toFixed(1)],
            ['a file that is there', spread(olds!), (ready / bareReady).toFixed(1)],
            ['bare Node', spread(bares!), ''],
          ],
        },
        {
          head: ['memory', 'RSS, MB', 'to bare Node'],
          rows: [
            ...memory.map(([name, mb]) => [name, mb, (mb / bareMb).toFixed(1)]),
            ['bare Node', bareMb, ''],
          ],
        },
      ],
      goals: [
        goalAtMost('milliseconds to ready', Math.max(median(news!), ready), READY_GOAL_MS),
        goalAtMost('RSS idle, MB', memory[0]![1], RSS_GOAL_MB),
      ],
    };
  },
};

function newFile({ folder }: Bench, n: number): string {
  return `sqlite:${join(folder, `new-${n}.db`)}`;
}

function startBare(): Promise<Started> {
  return startServer(['bench/bare/ready.ts'], {}, /^(http:.*)$/);
}

async function timeStart(start: () => Promise<Started>): Promise<number> {
  const begun = performance.now();
  await using server = await start();
  const answer = await fetch(`${server.url}/readyz`);
  if (answer.status !== 200) throw new Error(`/readyz answered ${answer.status}`);
  await answer.text();
  return performance.now() - begun;
}

async function measureMemory(bench: Bench, env: Record<string, string>): Promise<[string, number][]> {
  await using gateway = await startGateway(env);
  await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
  const idle = await usageOf(gateway);
  const contacts = bench.isShort ? CONTACTS / 20 : CONTACTS;
  for (let made = 0; made < contacts; made += 1)
    made += await load({ next: () => newContact(gateway.url), expected: 201, connections: 64, seconds: 1 });
  const after = await usageOf(gateway);
  return [
    [`idle, ${IDLE_SECONDS} s after the start`, idle.rssMb],
    [`after about ${contacts.toLocaleString('en')} contacts over 64 connections`, after.rssMb],
  ];
}

async function bareMemory(): Promise<number> {
  await using bare = await startBare();
  return (await usageOf(bare)).rssMb;
}
