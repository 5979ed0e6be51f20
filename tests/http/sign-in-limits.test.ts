import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { networkOf } from '../../src/http/network.ts';
import { type Attempt, openSignInLimits, type SignInLimits } from '../../src/http/sign-in-limits.ts';
import { Problem } from '../../src/problem.ts';

// Of the library that counts: it knows no other clock.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const HOME = '192.0.2.1';
const minute = 60_000;

/** One try: `wrong`, `right`, or for how many seconds it is refused. */
async function tries(
  limits: SignInLimits,
  attempt: Partial<Attempt> = {},
  error: Problem | null = new Problem('bad-sign-in'),
): Promise<string | number> {
  try {
    return await limits.attempt({ account: 'ann', address: HOME, ...attempt }, () =>
      error === null ? Promise.resolve('right') : Promise.reject(error),
    );
  } catch (thrown) {
    const problem = thrown as Problem;
    if (problem === error) return 'wrong';
    expect(problem.code).toBe('too-many-requests');
    return problem.details.retryAfter!;
  }
}

async function fails(limits: SignInLimits, times: number, attempt?: (turn: number) => Partial<Attempt>) {
  for (let turn = 0; turn < times; turn++) expect(await tries(limits, attempt?.(turn))).toBe('wrong');
}

function address(turn: number): string {
  return `198.51.${Math.floor(turn / 250)}.${(turn % 250) + 1}`;
}

test('after five failures each further one doubles the wait, up to 15 minutes', async () => {
  const limits = openSignInLimits();
  await fails(limits, 5);

  const waits: number[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const wait = Number(await tries(limits));
    waits.push(wait);
    vi.advanceTimersByTime(wait * 1000);
    expect(await tries(limits)).toBe('wrong');
  }

  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
});

test('a try that comes too early is not looked at, and makes nothing worse', async () => {
  const limits = openSignInLimits();
  await fails(limits, 5);

  for (let turn = 0; turn < 20; turn++) expect(await tries(limits, {}, null)).toBe(1);
  vi.advanceTimersByTime(1000);

  expect(await tries(limits, {}, null)).toBe('right');
});

test('many at once are not let through before the first of them has failed', async () => {
  const limits = openSignInLimits();

  const results = await Promise.all(Array.from({ length: 20 }, () => tries(limits)));

  expect(results.filter((result) => result === 'wrong')).toHaveLength(5);
});

test('who succeeds begins anew, and what was no failure does not count', async () => {
  const limits = openSignInLimits();
  await fails(limits, 4);
  expect(await tries(limits, {}, null)).toBe('right');
  await fails(limits, 4);

  const broken = new Problem('unavailable');
  for (let turn = 0; turn < 10; turn++) expect(await tries(limits, {}, broken)).toBe('wrong');

  expect(await tries(limits, {}, null)).toBe('right');
});

test.each([
  ['a wrong code', new Problem('bad-code')],
  [
    'a wrong password on a change of it',
    new Problem('invalid', { errors: [{ path: 'current_password', message: 'wrong' }] }),
  ],
])('%s is a failure as well', async (_, error) => {
  const limits = openSignInLimits();
  for (let turn = 0; turn < 5; turn++) await tries(limits, {}, error);

  expect(await tries(limits, {}, error)).toBe(1);
});

test('an address has fifty failures in 15 minutes, whoever it tries', async () => {
  const limits = openSignInLimits();
  await fails(limits, 50, (turn) => ({ account: `somebody ${turn}` }));

  expect(await tries(limits, { account: 'one more' }, null)).toBeGreaterThan(890);
  expect(await tries(limits, { account: 'one more', address: '192.0.2.2' }, null)).toBe('right');
  vi.advanceTimersByTime(15 * minute);
  expect(await tries(limits, { account: 'one more' }, null)).toBe('right');
});

test('an account has thirty failures, and none of them shuts an address where it has signed in before', async () => {
  const limits = openSignInLimits();
  const knownAddresses = () => Promise.resolve([HOME]);
  await fails(limits, 30, (turn) => ({ address: address(turn), knownAddresses }));

  expect(await tries(limits, { address: address(31), knownAddresses }, null)).toBeGreaterThan(890);
  await fails(limits, 5, () => ({ address: HOME, knownAddresses }));
  expect(await tries(limits, { address: HOME, knownAddresses }, null)).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(await tries(limits, { address: HOME, knownAddresses }, null)).toBe('right');
  expect(await tries(limits, { account: 'bob', address: address(31) }, null)).toBe('right');
});

test('when all accounts together had 30,000 failures, each is open where it has signed in before', async () => {
  const limits = openSignInLimits();
  const knownAddresses = () => Promise.resolve([HOME]);
  const stranger = (turn: number) => ({
    account: `somebody ${turn}`,
    address: `2001:db8:${turn}::1`,
    knownAddresses,
  });
  await fails(limits, 30_000, (turn) => ({
    ...stranger(turn),
    address: `10.${turn >> 14}.${(turn >> 7) & 127}.${turn & 127}`,
  }));

  expect(await tries(limits, stranger(1), null)).toBeGreaterThan(890);
  expect(await tries(limits, { knownAddresses }, null)).toBe('right');
});

test('a door for everybody has no limit over all addresses: nobody shuts it for the others', async () => {
  const limits = openSignInLimits();
  await fails(limits, 100, (turn) => ({ account: 'invite', address: address(turn) }));

  expect(await tries(limits, { account: 'invite', address: address(101) }, null)).toBe('right');
});

test('with IPv6 everybody within a /64 is one, and an IPv4 address is itself in either form', () => {
  const same = ['2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff'].map(networkOf);

  expect(same[0]).toBe(same[1]);
  expect(networkOf('2001:db8:0:2::1')).not.toBe(same[0]);
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('192.0.2.2')).toBe('192.0.2.2');
  expect(networkOf(null)).toBe('unknown');
});
