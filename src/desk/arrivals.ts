import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../problem.ts';

const BATCH = 256;
const BOUND = 10_000;

/** What waits to be committed. */
export type Arrivals<Item = unknown, Outcome = unknown> = {
  /**
   * Resolves after COMMIT. Throws Problem('overloaded') when too much waits already, Problem('unavailable') when
   * the database cannot commit now, and what `commit` answers for this item.
   */
  submit(item: Item): Promise<Outcome>;
  readonly depth: number;
  /** Resolves when everything submitted so far has its outcome. */
  idle(): Promise<void>;
};

type Waiting<Item, Outcome> = {
  item: Item;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
};

type Options<Item, Outcome> = {
  /** Commits all of them in one transaction; a Problem stands for an item that is refused by itself. */
  commit: (items: Item[]) => Promise<(Outcome | Problem)[]>;
  /** Answers for an item that cannot be committed even alone. */
  poison: (item: Item, error: unknown) => Promise<Outcome>;
  /** Hears of every commit, after it: how many items it held, and how long it took. Does not throw. */
  onCommit?: (items: number, ms: number) => void;
};

/**
 * Collects what arrives in the same turn of the event loop and commits it together: idle, a batch is one item;
 * under load the disk is paid once for many. No timer is involved.
 */
export function openArrivals<Item, Outcome>(options: Options<Item, Outcome>): Arrivals<Item, Outcome> {
  const queue: Waiting<Item, Outcome>[] = [];
  // A batch belongs to all who are in it: what is logged of it is not a line of the request that woke the loop.
  const apart = AsyncLocalStorage.snapshot();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    await nextTurn();
    while (queue.length > 0) {
      await commitTogether(queue.splice(0, BATCH));
      await nextTurn();
    }
    running = undefined;
  }

  async function commitTogether(batch: Waiting<Item, Outcome>[]): Promise<void> {
    const startedAt = performance.now();
    try {
      const outcomes = await options.commit(batch.map(({ item }) => item));
      batch.forEach((waiting, index) => settle(waiting, outcomes[index]!));
    } catch (error) {
      await commitApart(batch, error);
      return;
    }
    options.onCommit?.(batch.length, performance.now() - startedAt);
  }

  async function commitApart(batch: Waiting<Item, Outcome>[], error: unknown): Promise<void> {
    if (error instanceof Problem && error.code === 'unavailable') {
      for (const { reject } of batch) reject(error);
    } else if (batch.length === 1) {
      await options.poison(batch[0]!.item, error).then(batch[0]!.resolve, batch[0]!.reject);
    } else {
      // One of them breaks the batch: alone, each of the others goes through.
      for (const waiting of batch) await commitTogether([waiting]);
    }
  }

  return {
    submit: (item) =>
      new Promise((resolve, reject) => {
        if (queue.length >= BOUND) {
          reject(new Problem('overloaded', { retryAfter: 1 }));
          return;
        }
        queue.push({ item, resolve, reject });
        running ??= apart(run);
      }),
    get depth() {
      return queue.length;
    },
    async idle() {
      while (running !== undefined) await running;
    },
  };
}

function settle<Item, Outcome>(waiting: Waiting<Item, Outcome>, outcome: Outcome | Problem): void {
  if (outcome instanceof Problem) waiting.reject(outcome);
  else waiting.resolve(outcome);
}
