import { startServer } from '../tests/support/gateway.ts';
import { openBare } from './bare/rows.ts';
import { load } from './load.ts';
import { atLeastOne, goalAtLeast, type Part } from './part.ts';
import { SOURCES } from './seed.ts';
import { seedSqlite, startOn } from './seeded.ts';
import { inTurn, median, ratios, spread } from './statistics.ts';
import { newContact, newMessage, TEXT } from './traffic.ts';

const CONNECTIONS = [1, 16, 64];
const ROUNDS = 3;
const SECONDS = 3;
const KINDS = ['POST contact', 'POST hook'] as const;

export const intake: Part = {
  name: 'intake',
  title: 'Request to commit on SQLite',
  about:
    'The gateway beside a bare node:http server that writes the same rows by prepared statements, a batch a turn of ' +
    'the event loop, and beside the insert loop of that server without HTTP, 64 contacts a commit. Every request is ' +
    'of a new lead and is answered after its commit.',
  async run(bench) {
    await using gateway = await startOn(await seedSqlite(bench, 'intake'));
    const seeded = await seedSqlite(bench, 'bare');
    await using server = await startServer(['bench/bare/server.ts', seeded.file], {}, /^(http:.*)$/);
    const bare = { ...server, secrets: seeded.secrets };
    const loop = openBare((await seedSqlite(bench, 'loop')).file);
    const seconds = atLeastOne(SECONDS, bench);
    const rows: string[][] = [];
    const toBare: number[] = [];
    const toLoop: number[] = [];
    for (const kind of KINDS)
      for (const connections of CONNECTIONS) {
        const runs = [gateway, bare].map((target) => () => {
          const isContact = kind === 'POST contact';
          const next = () => (isContact ? newContact(target.url) : newMessage(target, nextId()));
          return load({ next, expected: isContact ? 201 : 202, connections, seconds });
        });
        const series = await inTurn(atLeastOne(ROUNDS, bench), [...runs, () => insertLoop(loop)]);
        const [ours, theirs, loops] = series as [number[], number[], number[]];
        const [ourPart, theirPart] = [ratios(ours, theirs), ratios(theirs, loops)];
        if (connections === CONNECTIONS.at(-1)) {
          toBare.push(median(ourPart));
          toLoop.push(median(theirPart));
        }
        const rates = [ours, theirs, loops].map((rounds) => spread(rounds));
        rows.push([`${kind}, ${connections}`, ...rates, spread(ourPart, 2), spread(theirPart, 2)]);
      }
    loop.close();
    const rates = ['gateway /s', 'bare server /s', 'insert loop /s'];
    return {
      tables: [{ head: ['request, connections', ...rates, 'gateway : bare', 'bare : loop'], rows }],
      goals: [
        goalAtLeast('gateway : bare at 64 connections', Math.min(...toBare), 0.5),
        goalAtLeast('bare : loop at 64 connections', Math.min(...toLoop), 0.4),
      ],
    };
  },
};

let ids = 0;
const nextId = (): string => `i-${++ids}`;

let looped = 0;

/** Batches of 64 for a second. */
function insertLoop(bare: ReturnType<typeof openBare>): number {
  const from = looped;
  const start = performance.now();
  while (performance.now() - start < 1000) {
    bare.commit(
      Array.from({ length: 64 }, (_, n) => ({
        external_id: `loop-${looped + n}`,
        text: TEXT,
        source: 1 + (n % SOURCES),
      })),
    );
    looped += 64;
  }
  return (looped - from) / ((performance.now() - start) / 1000);
}
