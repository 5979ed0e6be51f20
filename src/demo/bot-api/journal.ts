/** What happened, in order, and a way to await what has not happened yet. */
export type Journal<T> = {
  readonly entries: readonly T[];
  add(entry: T): void;
  /** The first entry that matches, of those that are there and those to come. */
  first(matches: (entry: T) => boolean): Promise<T>;
  /** Tells of every entry from now on. */
  follow(listener: (entry: T) => void): void;
};

export function openJournal<T>(): Journal<T> {
  const entries: T[] = [];
  const listeners: ((entry: T) => void)[] = [];
  let waiting: { matches: (entry: T) => boolean; resolve: (entry: T) => void }[] = [];
  return {
    entries,
    add(entry) {
      entries.push(entry);
      const [found, others] = [[] as typeof waiting, [] as typeof waiting];
      for (const waiter of waiting) (waiter.matches(entry) ? found : others).push(waiter);
      waiting = others;
      for (const waiter of found) waiter.resolve(entry);
      for (const listener of listeners) listener(entry);
    },
    first(matches) {
      const known = entries.find(matches);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => waiting.push({ matches, resolve }));
    },
    follow: (listener) => void listeners.push(listener),
  };
}
