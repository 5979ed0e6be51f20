import { useSyncExternalStore } from 'react';

/** The present moment in milliseconds, told in steps; one timer for the whole page, and only while somebody looks. */
function tickingEvery(ms: number): () => number {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | null = null;

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    timer ??= setInterval(() => {
      for (const each of listeners) each();
    }, ms);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || timer === null) return;
      clearInterval(timer);
      timer = null;
    };
  }
  // In whole steps, so that it stays the same while a page is drawn.
  const now = () => Math.floor(Date.now() / ms) * ms;
  return () => useSyncExternalStore(subscribe, now);
}

/** Now, to 15 seconds. */
export const useNow = tickingEvery(15_000);

/** Now, to the second: for what is counted down. */
export const useSecond = tickingEvery(1_000);
