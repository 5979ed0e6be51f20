import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** Ends a run with one line of counts, and fails it when a test was skipped: a skipped test proves nothing. */
export class TallyReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const broken = modules.filter((each) => each.errors().length > 0);
    const tally = { passed: 0, failed: broken.length + errors.length, skipped: 0, pending: 0 };
    for (const test of modules.flatMap((each) => [...each.children.allTests()])) {
      tally[test.result().state] += 1;
    }

    const skipped = tally.skipped + tally.pending;
    console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${skipped} skipped`);
    // With `-t` the tests that do not match are told as skipped; that run is a look at a few, not a proof.
    if (skipped > 0 && !this.#vitest?.config.testNamePattern) {
      console.error('Skipped tests fail the run.');
      process.exitCode = 1;
    }
  }
}
