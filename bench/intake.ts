import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, startServer, type Started } from '../tests/support/gateway.ts';
import { openBare } from './bare/rows.ts';
import { load } from './load.ts';
import { seed, SOURCES } from './seed.ts';
import { median, printTable } from './table.ts';

const CONNECTIONS = [1, 16, 64];
const ROUNDS = 3;
const SECONDS = 3;
const TEXT = 'Hello, I would like to know the price of delivery to Kazan';
const ADMIN_TOKEN = 'bench-bench-bench-bench-bench-bench';

type Target = { url: string; secrets: Map<string, string> };
type Kind = 'POST contact' | 'POST hook';

/**
 * Requests to commit, on SQLite: the gateway beside a bare server that writes the same rows, and beside that server's
 * own insert loop without HTTP. The three take turns, so that a machine that slows down slows them alike.
 */
export async function benchIntake(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'leadgate-bench-'));
  try {
    const rows: (string | number)[][] = [];
    await using gateway = await startGatewayOn(join(folder, 'gateway.db'));
    await using bare = await startBareOn(join(folder, 'bare.db'));
    await seed(`sqlite:${join(folder, 'loop.db')}`);
    const loop = openBare(join(folder, 'loop.db'));
    for (const kind of ['POST contact', 'POST hook'] as const)
      for (const connections of CONNECTIONS) {
        const rates = await inTurn([
          () => load({ ...request(gateway, kind), connections, seconds: SECONDS }),
          () => load({ ...request(bare, kind), connections, seconds: SECONDS }),
          () => insertLoop(loop),
        ]);
        const [ours, theirs, loops] = rates.map(median) as [number, number, number];
        rows.push([kind, connections, ours, theirs, loops, ratio(ours, theirs), ratio(theirs, loops)]);
      }
    loop.close();
    const rates = ['gateway /s', 'bare server /s', 'insert loop /s'];
    printTable(['request', 'connections', ...rates, 'gateway : bare', 'bare : loop'], rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}

async function inTurn(runs: (() => number | Promise<number>)[]): Promise<number[][]> {
  const rates: number[][] = runs.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, run] of runs.entries()) rates[index]!.push(await run());
  return rates;
}

let leads = 0;

function request(target: Target, kind: Kind) {
  return {
    next: () => {
      const n = ++leads;
      const code = `source-${1 + (n % SOURCES)}`;
      const external_id = `lead-${n}`;
      return kind === 'POST contact'
        ? {
            url: `${target.url}/api/v1/contacts`,
            token: ADMIN_TOKEN,
            body: { external_id, source_code: code, text: TEXT },
          }
        : {
            url: `${target.url}/hooks/${code}`,
            token: target.secrets.get(code)!,
            body: { external_id, text: TEXT, id: `m-${n}` },
          };
    },
    expected: kind === 'POST contact' ? 201 : 202,
  };
}

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

async function startGatewayOn(file: string): Promise<Started & Target> {
  const { secretKey, secrets } = await seed(`sqlite:${file}`);
  const env = { DATABASE_URL: `sqlite:${file}`, SECRET_KEY: secretKey, ADMIN_TOKEN };
  return { ...(await startGateway(env)), secrets };
}

async function startBareOn(file: string): Promise<Started & Target> {
  const { secrets } = await seed(`sqlite:${file}`);
  return { ...(await startServer(['bench/bare/server.ts', file], {}, /^(http:.*)$/)), secrets };
}

if (import.meta.main) await benchIntake();
