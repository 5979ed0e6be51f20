import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceId } from '../contract/ids.ts';
import type { QueuePlace } from '../store/dialect.ts';

/** Where a drain stands: the sources that still have capacity, and the last waiting contact it looked at. */
export type DrainStage = { sourceIds: SourceId[]; after: QueuePlace | null };

/** The drains that go on by themselves, each chunk in a commit of its own. */
export type Drains = AsyncDisposable & {
  /** Looks at these queues from their front, soon. */
  soon(sourceIds: readonly SourceId[]): void;
  /** The same after a while. */
  later(ms: number, sourceIds: readonly SourceId[]): void;
  /** Resolves when none is under way; those that begin later are not waited for. */
  idle(): Promise<void>;
};

type Options = {
  /** Commits one chunk and answers where to go on; null when nothing is left to do. */
  chunk: (stage: DrainStage) => Promise<DrainStage | null>;
  onError: (error: unknown, sourceIds: readonly SourceId[]) => void;
};

const RETRY_MS = 1_000;

/**
 * Runs one drain at a time. Whatever asks for another one sends it back to the front of all its queues: a contact that
 * is older than where it stands may have become takeable.
 */
export function openDrains({ chunk, onError }: Options): Drains {
  const asked = new Set<SourceId>();
  const timers = new Set<NodeJS.Timeout>();
  let running: Promise<void> | undefined;
  let isClosed = false;

  function soon(sourceIds: readonly SourceId[]): void {
    for (const id of sourceIds) asked.add(id);
    if (!isClosed && asked.size > 0) running ??= run();
  }

  function later(ms: number, sourceIds: readonly SourceId[]): void {
    if (isClosed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      soon(sourceIds);
    }, ms);
    timers.add(timer);
  }

  async function run(): Promise<void> {
    let stage: DrainStage | null = null;
    do {
      // A turn of the event loop before each chunk: what arrives meanwhile is not kept waiting.
      await nextTurn();
      if (isClosed) break;
      stage = await step(stage);
    } while (stage !== null || asked.size > 0);
    running = undefined;
  }

  async function step(stage: DrainStage | null): Promise<DrainStage | null> {
    const next = asked.size === 0 ? stage! : { sourceIds: sourcesOf(stage), after: null };
    asked.clear();
    try {
      return await chunk(next);
    } catch (error) {
      onError(error, next.sourceIds);
      later(RETRY_MS, next.sourceIds);
      return null;
    }
  }

  function sourcesOf(stage: DrainStage | null): SourceId[] {
    return [...new Set([...(stage?.sourceIds ?? []), ...asked])];
  }

  return {
    soon,
    later,
    async idle() {
      while (running !== undefined) await running;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
      await running;
    },
  };
}
