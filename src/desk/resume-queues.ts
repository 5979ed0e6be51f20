import { Contact } from '../store/entities/contact.ts';
import { Source } from '../store/entities/source.ts';
import type { Desk } from './desk.ts';
import { drainSources } from './drain.ts';
import { RELEASE_PAUSE_MS } from './reroute.ts';

/**
 * Goes on where a gateway has ended, this one at its last run or another one: every queue is looked at, and again when
 * the pauses that were running are over. Only the first chunk of a long queue is waited for.
 */
export async function resumeQueues(desk: Desk): Promise<void> {
  const em = desk.store.em();
  const sources = await em.find(Source, { isActive: true }, { fields: ['id'] });
  const sourceIds = sources.map((source) => source.id);
  if (sourceIds.length > 0) await drainSources(desk, sourceIds);
  await watchPauses(desk);
}

async function watchPauses(desk: Desk): Promise<void> {
  const since = new Date(desk.clock.now().getTime() - RELEASE_PAUSE_MS);
  const paused = await desk.store.em().find(Contact, { status: 'waiting', releasedAt: { $gt: since } });
  for (const contact of paused) {
    const rest = contact.releasedAt!.getTime() - since.getTime();
    desk.drains.later(rest, [contact.source.id]);
  }
}
