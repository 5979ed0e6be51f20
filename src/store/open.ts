import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, parse } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MikroORM } from '@mikro-orm/core';
import type { AbstractSqlConnection, Kysely, SqlEntityManager } from '@mikro-orm/sql';
import type Database from 'better-sqlite3';
import { CompiledQuery } from 'kysely';
import { type Dialect, dialectOf, ormOptions, sqliteFile } from '../../mikro-orm.config.ts';
import { postgresFeed } from './feed-postgresql.ts';
import { sqliteFeed } from './feed-sqlite.ts';
import { type Feed, Listeners } from './feed.ts';
import { postgresWriter } from './write-postgresql.ts';
import { sqliteWriter } from './write-sqlite.ts';
import type { Write } from './write.ts';

/** An open database. Reads go through `em()`, every write through `write`. */
export type Store = AsyncDisposable & {
  readonly dialect: Dialect;
  readonly write: Write;
  readonly feed: Feed;
  /** A fresh entity manager for reads. */
  em(): SqlEntityManager;
  /**
   * Leaves nothing of what was deleted in files of our own; on a server that is the server's matter. False when somebody
   * who reads all the time keeps it from that.
   */
  scrub(): Promise<boolean>;
  /** Answers when the database does; throws what it says otherwise. */
  ping(): Promise<void>;
};

type Options = { databaseUrl: string; onError: (error: unknown) => void };

/** Opens the database and brings its schema up to date. Throws when it is newer than this version knows. */
export async function openStore({ databaseUrl, onError }: Options): Promise<Store> {
  const dialect = dialectOf(databaseUrl);
  if (dialect === 'sqlite') await makeFile(sqliteFile(databaseUrl));
  const orm = await MikroORM.init(await ormOptions(databaseUrl));
  try {
    return await (dialect === 'sqlite' ? openSqlite(orm, onError) : openPostgres(orm, databaseUrl, onError));
  } catch (error) {
    await orm.close(true);
    throw error;
  }
}

/** Private messages stand in it: nobody else on the machine reads them. SQLite makes its other files alike. */
async function makeFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await (await open(file, 'a', 0o600)).close();
}

async function openSqlite(orm: MikroORM, onError: (error: unknown) => void): Promise<Store> {
  const db = (await connectionOf(orm).getNativeClient()) as Database.Database;
  hardenSqlite(db);
  await migrate(orm);
  // A crash may have come between an erasure and the emptying of the log.
  db.pragma(EMPTY_LOG);
  const client = clientOf(orm);
  const feed = sqliteFeed(client, new Listeners(onError));
  return {
    dialect: 'sqlite',
    write: sqliteWriter(orm, client, db, feed.publish),
    feed,
    em: () => freshEm(orm),
    scrub: () => emptyLog(client, db),
    ping: () => ping(orm),
    [Symbol.asyncDispose]: () => orm.close(true),
  };
}

async function openPostgres(
  orm: MikroORM,
  databaseUrl: string,
  onError: (error: unknown) => void,
): Promise<Store> {
  await migratePostgres(orm);
  const client = clientOf(orm);
  const feed = await postgresFeed({ client, databaseUrl, listeners: new Listeners(onError), onError });
  return {
    dialect: 'postgresql',
    write: postgresWriter(orm, client, feed.committed),
    feed,
    em: () => freshEm(orm),
    scrub: () => Promise.resolve(true),
    ping: () => ping(orm),
    async [Symbol.asyncDispose]() {
      await feed[Symbol.asyncDispose]();
      await orm.close(true);
    },
  };
}

/** Sets what the promises rest on, and asserts that it holds: an acknowledged commit survives a power cut. */
function hardenSqlite(db: Database.Database): void {
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.pragma('foreign_keys = on');
  // What is deleted or changed is overwritten, from the first day on: an erasure finds no old copies to look for.
  db.pragma('secure_delete = on');
  // Short: it holds the event loop. Writers wait longer, in store/write-sqlite.ts.
  db.pragma('busy_timeout = 50');
  const found = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete'].map((name) =>
    db.pragma(name, { simple: true }),
  );
  if (found.join() !== 'wal,2,1,1') throw new Error(`SQLite refused its settings: ${found.join(', ')}`);
}

const EMPTY_LOG = 'wal_checkpoint(truncate)';
const LOG_TRIES = 20;
const LOG_PAUSE_MS = 100;

/**
 * Empties the log of writes, which still holds what pages were before; somebody who reads now is waited for. False when
 * that took too long.
 */
async function emptyLog(client: Kysely<unknown>, db: Database.Database): Promise<boolean> {
  for (let tries = 0; tries < LOG_TRIES; tries++) {
    const busy = await client.connection().execute(async () => db.pragma(EMPTY_LOG, { simple: true }));
    if (busy === 0) return true;
    await pause(LOG_PAUSE_MS);
  }
  return false;
}

// Any number, as long as every gateway takes the same.
const MIGRATION_LOCK = 7_013_622;

/** One gateway after the other: the second finds the work done. */
async function migratePostgres(orm: MikroORM): Promise<void> {
  await clientOf(orm)
    .connection()
    .execute(async (connection) => {
      await connection.executeQuery(CompiledQuery.raw(`select pg_advisory_lock(${MIGRATION_LOCK})`));
      try {
        await migrate(orm);
      } finally {
        await connection.executeQuery(CompiledQuery.raw(`select pg_advisory_unlock(${MIGRATION_LOCK})`));
      }
    });
}

async function migrate(orm: MikroORM): Promise<void> {
  await refuseNewer(orm);
  await orm.migrator.up();
}

/** An older version would not know what the newer schema asks of it. */
async function refuseNewer(orm: MikroORM): Promise<void> {
  const files = await readdir(orm.config.get('migrations').path!);
  const known = new Set(files.map((file) => parse(file).name));
  const unknown = (await orm.migrator.getExecuted()).filter(({ name }) => !known.has(name));
  if (unknown.length === 0) return;
  const names = unknown.map(({ name }) => name).join(', ');
  throw new Error(`The database is newer than this version of Leadgate: it has ${names}.`);
}

async function ping(orm: MikroORM): Promise<void> {
  const answer = await connectionOf(orm).checkConnection();
  if (!answer.ok) throw new Error(answer.reason);
}

function connectionOf(orm: MikroORM): AbstractSqlConnection & { getNativeClient(): Promise<unknown> } {
  return orm.em.getConnection() as AbstractSqlConnection & { getNativeClient(): Promise<unknown> };
}

function clientOf(orm: MikroORM): Kysely<unknown> {
  return connectionOf(orm).getClient<unknown>();
}

function freshEm(orm: MikroORM): SqlEntityManager {
  return orm.em.fork() as SqlEntityManager;
}
