import type { Kysely } from 'kysely';
import { isFollowable, newestPosition, readEvents, type Rows, toldEvent } from './feed-rows.ts';
import { compareCursors, cursorOf, type Feed, type Listeners, positionOf } from './feed.ts';
import type { WrittenEvent } from './write.ts';

/** The feed of SQLite: one writer, so the committed batch itself is what is told. */
export function sqliteFeed(
  client: Kysely<unknown>,
  listeners: Listeners,
): Feed & { publish(events: WrittenEvent[]): void } {
  const rows: Rows = { client, horizon: 'true', order: ['id'], parameter: () => '?' };
  return {
    cursor: async () => cursorOf(await newestPosition(rows)),
    after: async (cursor, limit) => {
      const position = positionOf(cursor);
      if (position === null || !(await isFollowable(rows, position))) return null;
      return (await readEvents(rows, position, limit)).map(({ event }) => event);
    },
    subscribe: (listener) => listeners.add(listener),
    compare: compareCursors,
    // What is committed is told before anything else happens.
    age: () => Promise.resolve({ lagSeconds: 0, horizonSeconds: 0 }),
    publish: (events) => listeners.tell(events.map(toldEvent)),
  };
}
