import { defineConfig } from 'vitest/config';
import { TallyReporter } from './scripts/tally-reporter.ts';

export default defineConfig({
  test: {
    include: ['tests/containers/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts', 'tests/containers/support/find-nginx.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    allowOnly: false,
    reporters: ['default', new TallyReporter()],
  },
});
