import type { GatewayEvent } from '../contract/event.ts';
import type { SourceId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import type { Desk } from './desk.ts';
import type { Sight } from './policy.ts';
import { contactView } from './views.ts';

// As many as a snapshot holds of a queue; whoever has read on by pages leaves more than it can hold.
const NEWEST = 200;
const MOST_LEFT = 10_000;

/**
 * What a listener hears when its sources change: that it sees the queues of some no more, and what waits in those that
 * it sees now. `told` is the event that changed them.
 */
export async function sightChanges(
  desk: Desk,
  before: Sight,
  after: Sight,
  told: { cursor: string; at: string },
): Promise<GatewayEvent[]> {
  if (before.kind === 'all' || after.kind === 'all') return [];
  const [had, has] = [before.sourceIds, after.sourceIds];
  const lost = await left(desk, [...had.difference(has)]);
  const gained = await waiting(desk, [...has.difference(had)]);
  return [
    ...lost.map((data) => ({ ...told, type: 'contact.left' as const, data })),
    ...gained.map((data) => ({ ...told, type: 'contact.waiting' as const, data })),
  ];
}

async function left(desk: Desk, sourceIds: SourceId[]) {
  if (sourceIds.length === 0) return [];
  const rows = await desk.store
    .em()
    .find(
      Contact,
      { source: { $in: sourceIds }, status: 'waiting' },
      { fields: ['id', 'version'], orderBy: { id: 'desc' }, limit: MOST_LEFT },
    );
  return rows.map(({ id, version }) => ({ id, version, to: null }));
}

async function waiting(desk: Desk, sourceIds: SourceId[]) {
  if (sourceIds.length === 0) return [];
  const rows = await desk.store
    .em()
    .find(
      Contact,
      { source: { $in: sourceIds }, status: 'waiting' },
      { populate: ['lead', 'source', 'operator'], orderBy: { id: 'desc' }, limit: NEWEST },
    );
  return rows.map(contactView);
}
