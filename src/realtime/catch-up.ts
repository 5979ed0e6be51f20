import type { GatewayEvent, Subscribed } from '../contract/event.ts';
import type { Actor } from '../desk/actor.ts';
import { type Audience, toldTo } from '../desk/audience.ts';
import type { Desk } from '../desk/desk.ts';
import { takeSnapshot } from '../desk/snapshot.ts';

const LARGEST_GAP = 1_000;
const OLDEST_MS = 7 * 24 * 3_600_000;

/**
 * What a console has missed since `after`; a snapshot where there is no cursor, or it is too far behind to follow.
 * The cursor is read before the snapshot: what commits between the two is told twice, never not at all.
 */
export async function catchUp(
  desk: Desk,
  actor: Actor,
  audience: Audience,
  after: string | null,
): Promise<Subscribed> {
  const events = after === null ? null : await missedSince(desk, audience, after);
  if (events !== null) return events;
  const cursor = await desk.store.feed.cursor();
  return { cursor, snapshot: await takeSnapshot(desk, actor) };
}

async function missedSince(desk: Desk, audience: Audience, after: string): Promise<Subscribed | null> {
  const missed = await desk.store.feed.after(after, LARGEST_GAP + 1);
  if (missed === null || missed.length > LARGEST_GAP) return null;
  // Its sources may have changed meanwhile: queues that it sees no more would stay with it for ever.
  if (audience.sight.kind === 'own' && missed.some(({ type }) => type === 'source.updated')) return null;
  const oldest = missed[0];
  if (oldest !== undefined && desk.clock.now().getTime() - Date.parse(oldest.at) > OLDEST_MS) return null;
  const events: GatewayEvent[] = missed
    .map((event) => toldTo(audience, event))
    .filter((told) => told !== null);
  return { cursor: missed.at(-1)?.cursor ?? after, events };
}
