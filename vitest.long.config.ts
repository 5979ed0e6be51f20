import { defineConfig } from 'vitest/config';
import { TallyReporter } from './scripts/tally-reporter.ts';

/** The long forms of tests that are shortened for every day: a thousand replies to one chat, 20,000 requests. */
export default defineConfig({
  test: {
    include: ['tests/bots/limits.test.ts', 'tests/http/fuzz.test.ts', 'tests/realtime/fuzz.test.ts'],
    env: { LONG: '1' },
    globalSetup: 'tests/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: false,
    reporters: ['default', new TallyReporter()],
  },
});
