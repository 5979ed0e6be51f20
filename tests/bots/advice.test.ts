import { expect, test } from 'vitest';
import { adviceFor, NEEDS_PUBLIC_URL } from '../../src/bots/advice.ts';

test.each([
  [{ state: 'running', mode: 'polling', last_error: null }, null],
  [{ state: 'running', mode: 'polling', last_error: '429 Too Many Requests' }, null],
  [{ state: 'running', mode: 'polling', last_error: 'not committed: unavailable' }, 'not-committed'],
  [{ state: 'running', mode: 'webhook', last_error: 'Connection refused' }, 'webhook-fails'],
  [{ state: 'conflict', mode: 'polling', last_error: '409 Conflict' }, 'polled-elsewhere'],
  [{ state: 'conflict', mode: 'webhook', last_error: 'set elsewhere' }, 'webhook-elsewhere'],
  [{ state: 'unauthorized', mode: 'polling', last_error: '401' }, 'token-refused'],
  [{ state: 'unreachable', mode: 'polling', last_error: 'ECONNREFUSED' }, 'cannot-reach-server'],
  [{ state: 'unreachable', mode: 'webhook', last_error: NEEDS_PUBLIC_URL }, 'needs-public-url'],
  [{ state: 'stopped', mode: 'polling', last_error: null }, null],
  [{ state: 'starting', mode: 'polling', last_error: null }, null],
] as const)('a person is told what to do where there is something to do: %o', (symptoms, code) => {
  expect(adviceFor(symptoms)?.code ?? null).toBe(code);
});
