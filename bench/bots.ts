import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { usageOf } from './gateway.ts';
import { atLeastOne, type Bench, type Part } from './part.ts';
import { seedBots } from './seed.ts';
import { startServer } from '../tests/support/gateway.ts';
import { type Seeded, seedSqlite, startOn } from './seeded.ts';

const BOTS = 500;
const SHORT_BOTS = 50;
const SETTLE_SECONDS = 3;
const IDLE_SECONDS = 10;

export const bots: Part = {
  name: 'bots',
  title: '500 bots',
  about:
    'A gateway with 500 Telegram sources beside the same gateway with none, against the stand-in of the Bot API in a ' +
    'process of its own. They run when the stand-in has seen every bot poll, or set its webhook; idle means that ' +
    'nobody writes; the names of the bots are known from an earlier start. The limit of polling is a Node process that holds as many long polls and does nothing else.',
  async run(bench) {
    const count = bench.isShort ? SHORT_BOTS : BOTS;
    const none = await measureGateway(bench, 'polling', 0);
    const nothing = await measureBare(bench, 0);
    const row = (name: string, found: Figures, base: Figures) => [
      name,
      found.runningMs,
      found.rssMb,
      (((found.rssMb - base.rssMb) * 1024) / count).toFixed(0),
      (found.cpu * 100).toFixed(2),
      ((Math.max(0, found.cpu - base.cpu) / count) * 1e6).toFixed(0),
    ];
    const rows = [
      ['gateway, none', none.runningMs, none.rssMb, '', (none.cpu * 100).toFixed(2), ''],
      row(`gateway, ${count} by polling`, await measureGateway(bench, 'polling', count), none),
      row(`gateway, ${count} by webhook`, await measureGateway(bench, 'webhook', count), none),
      row(`bare, ${count} long polls`, await measureBare(bench, count), nothing),
    ];
    const head = ['bots', 'all run after, ms', 'RSS, MB', 'KB a bot', 'idle CPU, % of a core', 'µs/s a bot'];
    return { tables: [{ head, rows }], goals: [] };
  },
};

type Mode = 'polling' | 'webhook';

/** `runningMs` counts from the start of the process; `cpu` is the part of one core that is busy. */
type Figures = { runningMs: number; rssMb: number; cpu: number };

async function measureGateway(bench: Bench, mode: Mode, count: number): Promise<Figures> {
  const seeded = await seedSqlite(bench, `bots-${mode}-${count}`);
  const tokens = tokensOf(count);
  const botsOfMode = tokens.map((token) => ({ token, mode }));
  await seedBots(seeded.url, seeded.env['SECRET_KEY']!, botsOfMode);
  // At the first start each bot is asked its name; every later one finds it kept.
  await runUntilAllRun(seeded, mode, tokens, () => Promise.resolve());
  let found = { rssMb: 0, cpu: 0 };
  const runningMs = await runUntilAllRun(seeded, mode, tokens, async (gateway) => {
    found = await idle(bench, gateway);
  });
  return { runningMs, ...found };
}

/** Answers how long it took from the start of the process until all run. */
async function runUntilAllRun(
  seeded: Seeded,
  mode: Mode,
  tokens: string[],
  then: (gateway: { url: string }) => Promise<void>,
): Promise<number> {
  await using standIn = await startStandIn(tokens);
  // Nobody calls there: the stand-in has nothing to send.
  const env = { TELEGRAM_API_ROOT: standIn.url, PUBLIC_URL: 'https://leadgate.example' };
  const start = performance.now();
  await using gateway = await startOn({ ...seeded, env: { ...seeded.env, ...env } });
  await standIn.running(mode);
  const runningMs = performance.now() - start;
  await then(gateway);
  return runningMs;
}

async function measureBare(bench: Bench, count: number): Promise<Figures> {
  await using standIn = await startStandIn(tokensOf(count));
  const start = performance.now();
  const script = ['bench/bare/polls.ts', standIn.url, String(count)];
  await using bare = await startServer(script, {}, /^(http:.*)$/);
  await standIn.running('polling');
  return { runningMs: performance.now() - start, ...(await idle(bench, bare)) };
}

function tokensOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${n + 1}:${'b'.repeat(35)}`);
}

async function idle(bench: Bench, process: { url: string }): Promise<{ rssMb: number; cpu: number }> {
  await pause(atLeastOne(SETTLE_SECONDS, bench));
  const before = await usageOf(process);
  const seconds = atLeastOne(IDLE_SECONDS, bench);
  await pause(seconds);
  const after = await usageOf(process);
  return { rssMb: after.rssMb, cpu: (after.cpuSeconds - before.cpuSeconds) / seconds };
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** The Bot API in a process of its own. */
async function startStandIn(tokens: string[]) {
  const child = fork(fileURLToPath(new URL('./bare/bot-api.ts', import.meta.url)), { execArgv: [] });
  const ended = once(child, 'exit');
  child.send({ tokens });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    /** Resolves when every bot runs in this mode. */
    async running(mode: Mode) {
      child.send({ awaited: mode });
      await once(child, 'message');
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await ended;
    },
  };
}
