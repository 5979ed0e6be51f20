import { fileURLToPath } from 'node:url';
import type { Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { Pool } from 'pg';
import { entities } from './src/store/entities/all.ts';
import { prepareOn } from './src/store/prepared.ts';

export type Dialect = 'sqlite' | 'postgresql';

/** Which database an address names. */
export function dialectOf(databaseUrl: string): Dialect {
  return /^postgres(ql)?:/.test(databaseUrl) ? 'postgresql' : 'sqlite';
}

/** The file of a `sqlite:` address. */
export function sqliteFile(databaseUrl: string): string {
  return databaseUrl.replace(/^sqlite:(?:\/\/(?=\/))?/, '');
}

/** MikroORM's options for a `DATABASE_URL`. Loads only the driver in use: its import is half of the start-up. */
export async function ormOptions(databaseUrl: string): Promise<Partial<Options>> {
  const dialect = dialectOf(databaseUrl);
  const migrations = fileURLToPath(new URL(`./src/store/migrations/${dialect}`, import.meta.url));
  const common = {
    entities,
    extensions: [Migrator],
    // What goes wrong reaches us as an error; what goes right needs no line of its own.
    logger: () => {},
    migrations: { path: migrations, pathTs: migrations, emit: 'ts' as const, snapshot: false },
  };
  if (dialect === 'postgresql') {
    const { PostgreSqlDriver } = await import('@mikro-orm/postgresql');
    return {
      ...common,
      driver: PostgreSqlDriver,
      clientUrl: databaseUrl,
      pool: { min: 0, max: 10 },
      driverOptions: {
        // A plan that was made while the tables were small would read them whole until somebody analyzes them.
        options: '-c enable_seqscan=off',
        // See store/prepared.ts: COMMIT goes out right behind the last statement.
        pipeline: true,
        onPoolCreated: (pool: Pool) => pool.on('connect', prepareOn),
      },
    };
  }
  const { SqliteDriver } = await import('@mikro-orm/sqlite');
  return { ...common, driver: SqliteDriver, dbName: sqliteFile(databaseUrl) };
}
