import { setTimeout as realPause } from 'node:timers/promises';
import type { Desk } from './desk.ts';
import { checksOf, type Look, lookAround } from './invariants.ts';
import type { Pause } from './invariants-queues.ts';

type Options = { everyMs?: number; pause?: Pause };

/**
 * Checks what must always hold, at once and then again and again, and logs each breach when it is first seen. It mends
 * nothing. Disposing waits for the look that is under way.
 */
export function watchInvariants(
  desk: Desk,
  { everyMs = 60_000, pause = realPause }: Options = {},
): AsyncDisposable {
  let known = new Set<string>();
  let looking: Promise<void> | null = null;

  function look(): void {
    looking ??= lookAround(desk, pause)
      .then((found) => {
        known = tell(desk, found, known);
      })
      .catch((error: unknown) => desk.log.warn({ err: error }, 'the invariants could not be checked'))
      .finally(() => (looking = null));
  }

  const timer = setInterval(look, everyMs);
  timer.unref();
  look();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looking;
    },
  };
}

/** Logs what was not there at the last look; answers what is there now. */
function tell(desk: Desk, found: Look, known: ReadonlySet<string>): Set<string> {
  const seen = new Set<string>();
  for (const { name, examples } of checksOf(found)) {
    for (const { subject, detail } of examples) {
      const breach = `${name} ${subject}`;
      seen.add(breach);
      if (!known.has(breach))
        desk.log.error({ invariant: name, subject, detail }, 'an invariant does not hold');
    }
  }
  return seen;
}
