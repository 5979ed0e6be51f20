import type { Kysely } from 'kysely';
import { toldEvent, newestPosition, readEvents } from './feed-rows.ts';
import { compareCursors, cursorOf, type Feed, type Listeners, positionOf } from './feed.ts';
import type { WrittenEvent } from './write.ts';

/** The feed of SQLite: one writer, so the committed batch itself is what is told. */
export function sqliteFeed(
  client: Kysely<unknown>,
  listeners: Listeners,
): Feed & { publish(events: WrittenEvent[]): void } {
  return {
    cursor: async () => cursorOf(await newestPosition(client, 'true')),
    after: async (cursor, limit) => {
      const position = positionOf(cursor);
      if (position === null) return null;
      const newest = await newestPosition(client, 'true');
      // A cursor from before a restore, or from PostgreSQL, points behind the end: it cannot be followed.
      if (position.xid !== 0 || position.id > newest.id) return null;
      return (await readEvents(client, position, limit, 'true')).map(({ event }) => event);
    },
    subscribe: (listener) => listeners.add(listener),
    compare: compareCursors,
    publish: (events) => listeners.tell(events.map(toldEvent)),
  };
}
