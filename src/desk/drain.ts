import type { SourceId } from '../contract/ids.ts';
import type { Tx } from '../store/write.ts';
import type { Desk } from './desk.ts';
import type { DrainStage } from './drains.ts';
import { DRAIN_CHUNK, drainQueue } from './reroute.ts';
import { openRoster } from './roster.ts';

/**
 * Gives what waits in these queues to whoever may take it, oldest first. Only the first chunk of a long queue is
 * waited for.
 */
export async function drainSources(desk: Desk, sourceIds: readonly SourceId[]): Promise<void> {
  const rest = await drainChunk(desk, { sourceIds: [...sourceIds], after: null });
  if (rest !== null) desk.drains.soon(rest.sourceIds);
}

/** Commits one chunk of a drain and answers where to go on; null when nothing is left to give or to take. */
export function drainChunk(desk: Desk, stage: DrainStage): Promise<DrainStage | null> {
  return desk.store.write((tx) => giveChunk(desk, tx, stage));
}

async function giveChunk(desk: Desk, tx: Tx, { sourceIds, after }: DrainStage): Promise<DrainStage | null> {
  const withCapacity = await tx.sql.withCapacity(sourceIds);
  if (withCapacity.length === 0) return null;
  const queue = await tx.sql.lockQueue(withCapacity, DRAIN_CHUNK, after);
  if (queue.length === 0) return null;
  const roster = await openRoster(tx, withCapacity);
  await drainQueue(desk, tx, roster, { queue });
  await roster.writeLoads(tx);
  const open = roster.openSources;
  return queue.length < DRAIN_CHUNK || open.length === 0 ? null : { sourceIds: open, after: queue.at(-1)! };
}
