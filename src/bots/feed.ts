import type { SourceId } from '../contract/ids.ts';

/** What bots need of the feed of committed events: a hint that something changed. */
export type EventFeed = {
  subscribe(
    listener: (events: readonly { type: string; sourceId: SourceId | null; data: object }[]) => void,
  ): () => void;
};
