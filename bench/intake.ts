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
const ADMIN_TOKEN = 'bench-bench-bench-bench-bench-bench';

type Target = { url: string; secrets: Map<string, string> };
type Kind = 'POST contact' | 'POST hook';

/**
 * Requests to commit, on SQLite: the gateway beside a bare server that writes the same rows, in turn, and beside that
 * server's own insert loop without HTTP.
 */
export async function benchIntake(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'leadgate-bench-'));
  try {
    const rows: (string | number)[][] = [];
    const loop = await insertLoop(join(folder, 'loop.db'));
    await using gateway = await startGatewayOn(join(folder, 'gateway.db'));
    await using bare = await startBareOn(join(folder, 'bare.db'));
    for (const kind of ['POST contact', 'POST hook'] as const)
      for (const connections of CONNECTIONS) {
        const rates = await inTurn([gateway, bare], kind, connections);
        const [ours, theirs] = rates.map(median) as [number, number];
        rows.push([kind, connections, ours, theirs, ratio(ours, theirs), ratio(theirs, loop)]);
      }
    console.log(`\nThe bare server's insert loop without HTTP: ${Math.round(loop)} contacts/s\n`);
    printTable(
      ['request', 'connections', 'gateway /s', 'bare server /s', 'gateway : bare', 'bare : loop'],
      rows,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}

/** Rounds in turn, so that a machine that slows down slows both. */
async function inTurn(targets: Target[], kind: Kind, connections: number): Promise<number[][]> {
  const rates: number[][] = targets.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, target] of targets.entries())
      rates[index]!.push(await load({ ...request(target, kind), connections, seconds: SECONDS }));
  return rates;
}

let leads = 0;

function request(target: Target, kind: Kind) {
  const text = 'Hello, I would like to know the price of delivery to Kazan';
  return {
    next: () => {
      const n = ++leads;
      const code = `source-${1 + (n % SOURCES)}`;
      const external_id = `lead-${n}`;
      return kind === 'POST contact'
        ? {
            url: `${target.url}/api/v1/contacts`,
            token: ADMIN_TOKEN,
            body: { external_id, source_code: code, text },
          }
        : {
            url: `${target.url}/hooks/${code}`,
            token: target.secrets.get(code)!,
            body: { external_id, text, id: `m-${n}` },
          };
    },
    expected: kind === 'POST contact' ? 201 : 202,
  };
}

async function insertLoop(file: string): Promise<number> {
  await seed(`sqlite:${file}`);
  const bare = openBare(file);
  let done = 0;
  const start = performance.now();
  while (performance.now() - start < SECONDS * 1000) {
    const posts = Array.from({ length: 64 }, (_, n) => ({
      external_id: `loop-${done + n}`,
      text: 'Hello, I would like to know the price of delivery to Kazan',
      source: 1 + (n % SOURCES),
    }));
    bare.commit(posts);
    done += posts.length;
  }
  bare.close();
  return done / ((performance.now() - start) / 1000);
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
