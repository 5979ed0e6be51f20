import { join } from 'node:path';
import { type Started, startGateway } from './gateway.ts';
import type { Bench } from './part.ts';
import { seed } from './seed.ts';

export type Seeded = { env: Record<string, string>; url: string; secrets: Map<string, string> };

/** A seeded SQLite file of its own, and what a gateway needs to run on it. */
export function seedSqlite({ folder }: Bench, name: string): Promise<Seeded & { file: string }> {
  const file = join(folder, `${name}.db`);
  return seedAt(`sqlite:${file}`).then((seeded) => ({ ...seeded, file }));
}

export async function seedPostgres(bench: Bench, name: string): Promise<Seeded> {
  const server = await bench.postgres();
  return seedAt(await server.create(name));
}

async function seedAt(databaseUrl: string): Promise<Seeded> {
  const { secretKey, secrets } = await seed(databaseUrl);
  return { env: { DATABASE_URL: databaseUrl, SECRET_KEY: secretKey }, url: databaseUrl, secrets };
}

export type Target = Started & { secrets: Map<string, string> };

export async function startOn({ env, secrets }: Seeded): Promise<Target> {
  return { ...(await startGateway(env)), secrets };
}
