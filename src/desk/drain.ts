import type { SourceId } from '../contract/ids.ts';
import type { Desk } from './desk.ts';
import { reroute } from './reroute.ts';

/** Gives what waits in these queues to whoever may take it; a long drain goes on by itself. */
export function drainSources(desk: Desk, sourceIds: readonly SourceId[]): Promise<void> {
  return desk.store.write((tx) => reroute(desk, tx, { sources: sourceIds }));
}
