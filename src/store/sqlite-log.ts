import { setImmediate as turn } from 'node:timers/promises';
import type { Kysely } from '@mikro-orm/sql';
import type Database from 'better-sqlite3';

// How many pages of the log are worth bringing into the file: SQLite's own number.
const DUE_PAGES = 1_000;
// Should there be no moment for it, SQLite does it by itself, within a commit.
const LATEST_PAGES = 4 * DUE_PAGES;
// A look costs as much as a small statement.
const LOOK_EVERY_MS = 20;

/**
 * Has SQLite's log of writes brought into its file between two transactions. By itself SQLite does so within a commit,
 * and who waits for that waits some milliseconds longer. What this answers is called after each commit, while the
 * connection is still held; it never throws, for what is committed is committed.
 */
export function logKeeper(client: Kysely<unknown>, db: Database.Database): () => void {
  db.pragma(`wal_autocheckpoint = ${LATEST_PAGES}`);
  // Only tells (https://sqlite.org/pragma.html#pragma_wal_checkpoint).
  const look = db.prepare<[], { log: number; checkpointed: number }>('pragma wal_checkpoint(noop)');
  let isComing = false;
  let lookedAt = -Infinity;

  async function keep(): Promise<void> {
    const now = performance.now();
    if (isComing || now - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = now;
    const { log, checkpointed } = look.get()!;
    if (log - checkpointed < DUE_PAGES) return;
    isComing = true;
    try {
      await client.connection().execute(bringIn);
    } finally {
      isComing = false;
    }
  }

  async function bringIn(): Promise<void> {
    // Those whom the last commit answers have their answers first.
    await turn();
    db.pragma('wal_checkpoint(passive)');
  }

  // What cannot be brought in now can be later.
  return () => void keep().catch(() => {});
}
