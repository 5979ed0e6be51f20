import type { Kysely } from 'kysely';
import { isFollowable, newestPosition, readEvents } from './feed-rows.ts';
import { compareCursors, cursorOf, type Feed, type Listeners, positionOf } from './feed.ts';

// Transactions commit out of id order. Only rows whose transaction is older than every running one are
// read, in order of (transaction, id): what is read is complete up to there and nothing comes before it later.
const HORIZON = 'xid < pg_snapshot_xmin(pg_current_snapshot())::text::int8';
const POLL_MS = 200;
const CHUNK = 1_000;

/**
 * The feed of PostgreSQL: the table is the truth, a commit of this process is only a hint to look.
 * Follows the table until it is disposed.
 */
export async function postgresFeed(
  client: Kysely<unknown>,
  listeners: Listeners,
  onError: (error: unknown) => void,
): Promise<Feed & { hint(): void } & AsyncDisposable> {
  let position = await newestPosition(client, HORIZON);
  let reading: Promise<void> | undefined;
  let again = false;

  async function read(): Promise<void> {
    do {
      again = false;
      const found = await readEvents(client, position, CHUNK, HORIZON);
      if (found.length > 0) position = found.at(-1)!.position;
      again ||= found.length === CHUNK;
      listeners.tell(found.map(({ event }) => event));
    } while (again);
  }

  function hint(): void {
    again = true;
    reading ??= read()
      .catch(onError)
      .finally(() => {
        reading = undefined;
      });
  }

  const timer = setInterval(hint, POLL_MS);
  return {
    hint,
    cursor: async () => cursorOf(await newestPosition(client, HORIZON)),
    after: async (cursor, limit) => {
      const from = positionOf(cursor);
      if (from === null || !(await isFollowable(client, from, HORIZON))) return null;
      return (await readEvents(client, from, limit, HORIZON)).map(({ event }) => event);
    },
    subscribe: (listener) => listeners.add(listener),
    compare: compareCursors,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await reading;
    },
  };
}
