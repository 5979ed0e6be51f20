import type { ContactId, SourceId } from '../contract/ids.ts';
import type { Tx } from '../store/write.ts';
import type { Desk } from './desk.ts';
import { findHeld, type Leave, lockHeld, putBack } from './leave.ts';
import { type Entering, reroute } from './reroute.ts';

/** What `moveQueues` is told of contacts that are back in the queue. */
export type Requeued = { sources: SourceId[]; entering: ReadonlyMap<ContactId, Entering> };

export const NOTHING_REQUEUED: Requeued = { sources: [], entering: new Map() };

/**
 * Puts the contacts of an operator who leaves back into the queue with their age kept, and frees its seats. The
 * operator must be flushed as it is from now on, so that it gets nothing more meanwhile.
 */
export async function requeueHeld(desk: Desk, tx: Tx, leave: Leave): Promise<Requeued> {
  await lockHeld(tx, leave);
  const held = await findHeld(tx, leave);
  const ids = held.map(({ id }) => id);
  if (ids.length === 0) return NOTHING_REQUEUED;
  await putBack(desk, tx, leave, ids);
  await reroute(desk, tx, { sources: [], loads: new Map([[leave.operatorId, -ids.length]]) });
  return {
    sources: held.map(({ source }) => source.id),
    entering: new Map(ids.map((id) => [id, { trigger: 'requeued' }])),
  };
}
