import type { SourceId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import { Source } from '../store/entities/source.ts';
import type { Desk } from './desk.ts';
import { RELEASE_PAUSE_MS, reroute } from './reroute.ts';

/** Gives what waits in these queues to whoever may take it; a long drain goes on by itself. */
export function drainSources(desk: Desk, sourceIds: readonly SourceId[]): Promise<void> {
  return desk.store.write((tx) => reroute(desk, tx, { sources: sourceIds }));
}

/**
 * At start: looks at every queue, and again when the pauses that were running are over. Only the first chunk of a
 * long queue is waited for.
 */
export async function drainEverything(desk: Desk): Promise<void> {
  const em = desk.store.em();
  const sources = await em.find(Source, { isActive: true }, { fields: ['id'] });
  if (sources.length > 0)
    await drainSources(
      desk,
      sources.map((source) => source.id),
    );
  const released = await em.find(Contact, { status: 'waiting', releasedAt: { $ne: null } });
  const now = desk.clock.now().getTime();
  for (const contact of released) {
    const rest = contact.releasedAt!.getTime() + RELEASE_PAUSE_MS - now;
    if (rest > 0) desk.drainAfter(rest, [contact.source.id]);
  }
}
