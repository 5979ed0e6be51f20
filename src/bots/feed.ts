/** What bots need of the feed of committed events: a hint that something changed. */
export type EventFeed = {
  subscribe(listener: (events: readonly { type: string; data: object }[]) => void): () => void;
};
