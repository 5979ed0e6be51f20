/**
 * Calls `send` at fixed points in time, whatever became of the calls before: who waits for an answer leaves out just
 * those moments in which a server is slow. `intended` is when the call should have been made; a latency counts from
 * there.
 */
export function paced(
  { rate, seconds }: { rate: number; seconds: number },
  send: (n: number, intended: number) => void,
): Promise<void> {
  const total = Math.round(rate * seconds);
  const start = performance.now();
  let sent = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now();
      for (; sent < total; sent++) {
        const intended = start + (sent * 1000) / rate;
        if (intended > now) break;
        send(sent, intended);
      }
      if (sent < total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
}

/** Latencies of one paced run, by number. */
export type Stopwatch = {
  intended(n: number, at: number): void;
  /** Only the first arrival of a number counts. */
  arrived(n: number): void;
  /** Resolves with the milliseconds of all when everything has arrived. Throws when something does not. */
  all(): Promise<number[]>;
};

const PATIENCE_MS = 10_000;

export function openStopwatch(): Stopwatch {
  const due = new Map<number, number>();
  const took: number[] = [];
  return {
    intended: (n, at) => void due.set(n, at),
    arrived(n) {
      const at = due.get(n);
      if (at === undefined) return;
      due.delete(n);
      took.push(performance.now() - at);
    },
    async all() {
      const end = performance.now() + PATIENCE_MS;
      while (due.size > 0 && performance.now() < end) await new Promise((done) => setTimeout(done, 5));
      if (due.size > 0) throw new Error(`${due.size} never arrived`);
      return took;
    },
  };
}
