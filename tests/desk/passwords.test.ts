import { hash } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { checkNewPassword } from '../../src/desk/new-password.ts';
import { hashPassword, isOutdated, isPassword } from '../../src/desk/password-hash.ts';
import type { Problem } from '../../src/problem.ts';

const chooser = { email: 'ann.smith@example.com', name: 'Ann Smith', field: 'password' } as const;

/** What is wrong with a new password; null when nothing is. */
async function faultOf(password: string, traits: Partial<typeof chooser> = {}): Promise<string | null> {
  try {
    await checkNewPassword(password, { ...chooser, ...traits });
    return null;
  } catch (error) {
    const [fault] = (error as Problem).details.errors!;
    return `${fault!.path} ${fault!.message}`;
  }
}

describe('a password', () => {
  test('is kept as Argon2id with 19 MiB, two passes and a salt of its own', async () => {
    const [one, other] = await Promise.all([hashPassword('quiet harbour'), hashPassword('quiet harbour')]);

    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await isPassword(one, 'quiet harbour')).toBe(true);
    expect(await isPassword(one, 'Quiet harbour')).toBe(false);
  });

  test('is the same however a keyboard puts its signs together, and at any length', async () => {
    const kept = await hashPassword('caf\u00e9 au lait');
    const long = 'ж'.repeat(127);

    expect(await isPassword(kept, 'cafe\u0301 au lait')).toBe(true);
    expect(await isPassword(await hashPassword(`${long}1`), `${long}2`)).toBe(false);
  });

  test('opens nothing for who has none', async () => {
    for (const password of ['', 'quiet harbour']) expect(await isPassword(null, password)).toBe(false);
  });

  test('is to be hashed anew when it was hashed in any other way', async () => {
    const made = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
    const others = [
      { ...made, memoryCost: 12_288 },
      { ...made, timeCost: 3 },
      { ...made, parallelism: 2 },
      { ...made, algorithm: 1 as const },
      { ...made, outputLen: 16 },
    ];

    expect(isOutdated(await hash('quiet harbour', made))).toBe(false);
    for (const other of others) expect(isOutdated(await hash('quiet harbour', other))).toBe(true);
  });

  test('is not hashed while more than 64 wait, and is again when they are done', async () => {
    const results = await Promise.allSettled(Array.from({ length: 70 }, () => hashPassword('quiet harbour')));

    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => (reason as Problem).code)).toEqual(
      Array.from({ length: 4 }, () => 'too-many-requests'),
    );
    expect((refused[0]!.reason as Problem).details.retryAfter).toBeGreaterThan(0);
    await expect(hashPassword('quiet harbour')).resolves.toMatch(/^\$argon2id/);
  });
});

describe('a new password', () => {
  test.each(['quiet harbour lantern', 'тихая гавань фонарь', '83 boats, 2 gulls'])(
    'may be %j',
    async (good) => {
      expect(await faultOf(good)).toBeNull();
    },
  );

  test.each([
    ['one of the ten thousand that most people take', 'Password1234'],
    ['one of them in other capitals', 'QwErTyUiOp123'],
  ])('may not be %s', async (_, bad) => {
    expect(await faultOf(bad)).toBe('password is one that many people use');
  });

  test('has at least five different characters', async () => {
    expect(await faultOf('abcdabcdabcd')).toMatch(/^password must have at least 5 different/);
    expect(await faultOf('abcdeabcdeab', { field: 'new_password' as 'password' })).toBeNull();
  });

  test.each([
    'ann.smith@example.com',
    'Ann.Smith2024!',
    '!!!Ann-Smith!!!',
    'annsmithannsmith',
    'leadgate-2024-!!',
    'Leadgateleadgate',
  ])('may not be the name, the e-mail or the product with a few signs: %j', async (bad) => {
    expect(await faultOf(bad)).toBe('password must not be made of the name, the e-mail or the word leadgate');
  });

  test('may hold the name among other words', async () => {
    expect(await faultOf('ann likes lanterns')).toBeNull();
    expect(await faultOf('8462 9174 1234', { name: '123' as 'Ann Smith' })).toBeNull();
  });

  test('is told at the field in which it came', async () => {
    expect(await faultOf('aaaaaaaaaaaa', { field: 'new_password' as 'password' })).toMatch(/^new_password /);
  });
});
