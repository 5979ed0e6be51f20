import { defineConfig } from 'vitest/config';

/** What Stryker runs against each mutant: the tests of routing need no database, so nothing is set up for them. */
export default defineConfig({
  test: {
    include: ['tests/routing/**/*.test.ts'],
    // Tries the laws, not the engine.
    exclude: ['tests/routing/wrong-engines.test.ts'],
    env: { QUICK: '1' },
    setupFiles: 'tests/routing/support/fixed-luck.ts',
    testTimeout: 60_000,
    isolate: false,
    allowOnly: false,
  },
});
