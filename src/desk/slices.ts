import { setImmediate as nextTurn } from 'node:timers/promises';

// Long enough that turns of the event loop cost little, short enough that nobody notices.
const SLICE_MS = 4;

/** Takes all steps of long work and answers what it returns; others have their turn every few milliseconds. */
export async function inSlices<T>(steps: Iterator<unknown, T, void>): Promise<T> {
  for (;;) {
    const end = performance.now() + SLICE_MS;
    while (performance.now() < end) {
      const step = steps.next();
      if (step.done) return step.value;
    }
    await nextTurn();
  }
}
