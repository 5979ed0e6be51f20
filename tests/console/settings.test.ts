import { expect, test } from 'vitest';
import { passwordFault } from '../../console/src/doors/password-fault.ts';
import { filterOf } from '../../console/src/settings/audit-search.ts';
import { changesIn } from '../../console/src/settings/changes.ts';
import { deviceOf, isPhone } from '../../console/src/settings/device.ts';
import { emptyToken, tokenBodyOf } from '../../console/src/settings/token-draft.ts';
import { NewPassword, TokenCreate } from '../../src/contract/access.ts';

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Windows'],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
    'Chrome, Linux',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Safari, macOS',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 YaBrowser/25.8 Mobile Safari/537.36',
    'Yandex Browser, Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari, iOS',
  ],
  ['curl/8.14.1', 'curl'],
  ['<script>alert(1)</script>', null],
  [null, null],
])('%s is told as %s', (agent, told) => {
  expect(deviceOf(agent)).toBe(told);
  expect(isPhone(agent)).toBe(/Android|iPhone/.test(agent ?? ''));
});

test('before and after of an entry stand side by side, field by field', () => {
  const changes = changesIn(
    { max_load: 5, webhook: { auth: 'bearer' }, greeting: 'Hello' },
    { max_load: 7, webhook: { auth: 'bearer', rate_limit: 60 }, is_active: true },
  );

  expect(changes).toEqual([
    { name: 'max_load', before: '5', after: '7' },
    { name: 'greeting', before: 'Hello', after: null },
    { name: 'webhook.rate_limit', before: null, after: '60' },
    { name: 'is_active', before: null, after: 'true' },
  ]);
});

test('an entry without before and after has no changes, and what is no object is told as it is', () => {
  expect(changesIn(null, null)).toEqual([]);
  expect(changesIn('a', ['b', {}])).toEqual([
    { name: '', before: 'a', after: null },
    { name: '0', before: null, after: 'b' },
    { name: '1', before: null, after: '{}' },
  ]);
});

test('the period of the log is asked for as a beginning', () => {
  const now = Date.parse('2026-11-21T12:00:00.000Z');

  expect(filterOf({ actor: 'operator:7', period: 'day' }, now)).toEqual({
    actor: 'operator:7',
    from: '2026-11-20T12:00:00.000Z',
  });
  expect(filterOf({}, now).from).toBe('2026-10-22T12:00:00.000Z');
  expect(filterOf({ period: 'ever' }, now).from).toBeUndefined();
});

test('a token is good to the end of its day, and what is left blank is not said', () => {
  const plain = tokenBodyOf({ ...emptyToken, name: ' Shop ' });
  const full = tokenBodyOf({
    name: 'Shop',
    operator: '3',
    scope: 'ingest',
    until: '2026-12-31',
    limit: 600,
  });

  expect(plain).toEqual({ name: 'Shop', scope: 'full' });
  expect(TokenCreate.parse(full)).toMatchObject({ operator_id: 3, scope: 'ingest', rate_limit: 600 });
  expect(new Date(full.expires_at ?? '')).toEqual(new Date(2026, 11, 31, 23, 59, 59, 999));
});

test.each([
  ['eleven sign', 'short'],
  ['x'.repeat(129), 'long'],
])('what the gateway says of a password is told in words (%#)', (password, fault) => {
  const told = NewPassword.safeParse(password).error?.issues[0]?.message ?? '';

  expect(passwordFault(told)).toBe(fault);
  expect(passwordFault('is one that many people use')).toBe('guessed');
});
