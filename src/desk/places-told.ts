import type { SourceId } from '../contract/ids.ts';
import type { Message } from '../contract/message.ts';
import type { Source as SourceWire } from '../contract/source.ts';
import { Source } from '../store/entities/source.ts';
import type { FeedEvent } from '../store/feed.ts';
import type { Desk } from './desk.ts';
import { tellPlaces } from './tell-places.ts';

/** How long a source that was looked at is left alone at least. */
const PACE_MS = 1_000;
/** A look reads the whole queue: of a very long one looks take no more than one part in so many of the time. */
const SHARE = 20;

/**
 * Has bots tell customers their places in the queue, as their sources want it. It goes by what commits anywhere, and
 * looks at each source when it begins; resolves when it knows which ones to follow. Disposing waits for what is under
 * way.
 */
export async function watchPlaces(desk: Desk): Promise<AsyncDisposable> {
  const followed = new Set<SourceId>();
  const looks = openLooks(async (id) => {
    try {
      if (await tellPlaces(desk, id)) looks.ask(id);
    } catch (error) {
      desk.log.error({ err: error, sourceId: id }, 'places in a queue were not told; it is tried once more');
      looks.ask(id);
    }
  });

  function hear(events: FeedEvent[]): void {
    const asked = new Set<SourceId>();
    for (const event of events) {
      const { sourceId: id, type } = event;
      if (id === null) continue;
      if (type === 'source.updated') follow(id, event.data as SourceWire);
      if (followed.has(id) && (type === 'source.updated' || concernsQueue(event))) asked.add(id);
    }
    for (const id of asked) looks.ask(id);
  }

  function follow(id: SourceId, { queue_notice: forAll, queue_notices: byLanguage }: SourceWire): void {
    if (forAll !== null || Object.keys(byLanguage).length > 0) followed.add(id);
    else followed.delete(id);
  }

  const unsubscribe = desk.store.feed.subscribe(hear);
  const telling = { $or: [{ queueNotice: { $ne: null } }, { queueNotices: { $ne: null } }] };
  for (const { id } of await desk.store.em().find(Source, telling, { fields: ['id'] })) {
    followed.add(id);
    looks.ask(id);
  }
  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await looks[Symbol.asyncDispose]();
    },
  };
}

/** Looks one after the other; at the same source at once when it is asked for, and then at its pace. */
function openLooks(look: (id: SourceId) => Promise<void>): AsyncDisposable & { ask(id: SourceId): void } {
  // Those that were looked at a moment ago, and of them those that are asked for again.
  const resting = new Map<SourceId, NodeJS.Timeout | null>();
  const again = new Set<SourceId>();
  let looking = Promise.resolve();
  let isClosed = false;

  function ask(id: SourceId): void {
    if (isClosed) return;
    if (resting.has(id)) {
      again.add(id);
      return;
    }
    resting.set(id, null);
    looking = looking.then(() => lookAndRest(id));
  }

  async function lookAndRest(id: SourceId): Promise<void> {
    if (isClosed) return;
    const startedAt = performance.now();
    await look(id);
    const rest = Math.max(PACE_MS, SHARE * (performance.now() - startedAt));
    resting.set(
      id,
      setTimeout(() => wake(id), rest),
    );
  }

  function wake(id: SourceId): void {
    resting.delete(id);
    if (again.delete(id)) ask(id);
  }

  return {
    ask,
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await looking;
      for (const timer of resting.values()) if (timer !== null) clearTimeout(timer);
    },
  };
}

/**
 * Whether a queue may be no longer as it was, or somebody in it can be reached now: what the lead says tells of that,
 * what its bot says does not.
 */
function concernsQueue(event: FeedEvent): boolean {
  if (event.statusBefore !== 'waiting' && event.statusAfter !== 'waiting') return false;
  return !event.type.startsWith('message.') || (event.data as Message).author === 'lead';
}
