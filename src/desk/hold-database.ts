import { dialectOf, sqliteFile } from '../../mikro-orm.config.ts';
import { FileLocked, lockSqlite } from '../store/lock.ts';

/** Keeps gateways off a SQLite file until it is disposed; on PostgreSQL nothing is held. Throws when one runs. */
export async function holdDatabase(databaseUrl: string): Promise<Disposable> {
  if (dialectOf(databaseUrl) === 'postgresql') return { [Symbol.dispose]: () => {} };
  const file = sqliteFile(databaseUrl);
  try {
    return await lockSqlite(file);
  } catch (error) {
    if (!(error instanceof FileLocked)) throw error;
    throw new Error(`A gateway uses ${file}. Stop it first.`, { cause: error });
  }
}
