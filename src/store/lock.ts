import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

/** Somebody else holds the file. */
export class FileLocked extends Error {}

/**
 * Keeps a second gateway off a SQLite file until it is disposed. The lock is the operating system's own, taken by an
 * exclusive transaction on an empty database beside the file: it ends with its process, however that ends.
 * Throws FileLocked.
 */
export async function lockSqlite(file: string): Promise<Disposable> {
  await mkdir(dirname(file), { recursive: true });
  const holder = new Database(`${file}.lock`, { timeout: 0 });
  try {
    holder.exec('begin exclusive');
  } catch (error) {
    holder.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new FileLocked(
      `Another gateway uses ${file}. One process per SQLite file; several share one PostgreSQL.`,
    );
  }
  return { [Symbol.dispose]: () => void holder.close() };
}
