import { describe, expect, test } from 'vitest';
import { OperatorCreate } from '../../src/contract/operator.ts';
import { createOperator } from '../../src/desk/create-operator.ts';
import { importConfiguration } from '../../src/desk/import-config.ts';
import { issueSetupCode, setUp, setupState } from '../../src/desk/setup.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { Problem } from '../../src/problem.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { OneTimeCode } from '../../src/store/entities/one-time-code.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import { admin, databases, hasOperator, openTestDesk, stoppedClock, type TestDesk } from '../support/desk.ts';

const visitor = { address: '192.0.2.1', userAgent: 'a browser', held: null };
const password = 'quiet harbour lantern';

/** Tries to become the first admin: `made`, or why not. */
async function attempt(desk: TestDesk, code: string, email = 'ann@example.com'): Promise<string> {
  try {
    await setUp(desk, { code, name: 'Ann', email, password }, visitor);
    return 'made';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

async function issued(desk: TestDesk): Promise<string> {
  const code = await issueSetupCode(desk);
  if (code === null) throw new Error('the door is closed');
  return code;
}

describe.each(databases)('on %s', (database) => {
  test('the code makes one admin, however it is typed, and nobody after that', async () => {
    await using desk = await openTestDesk(database);
    const code = await issued(desk);
    const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');

    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(await attempt(desk, ` ${typed} `)).toBe('made');
    expect(await attempt(desk, code, 'bob@example.com')).toBe('setup-closed');
    expect(await issueSetupCode(desk)).toBeNull();
    const operators = await desk.store.em().find(Operator, {});
    expect(operators).toMatchObject([{ email: 'ann@example.com', role: 'admin', isActive: true }]);
  });

  test('of two who use one code at once, and of two with a code each, one becomes the admin', async () => {
    for (const count of [1, 2]) {
      await using desk = await openTestDesk(database);
      // A process of its own, as a second gateway is.
      await using other = await openTestDesk(database, { url: desk.databaseUrl });
      const codes = [await issued(desk), await issued(other)];

      const outcomes = await Promise.all([
        attempt(desk, codes[0]!, 'ann@example.com'),
        attempt(other, codes[count - 1]!, 'bob@example.com'),
      ]);

      expect(outcomes.sort()).toEqual(['made', 'setup-closed']);
      expect(await desk.store.em().count(Operator, { role: 'admin' })).toBe(1);
      expect(await desk.store.em().count(OneTimeCode)).toBe(0);
    }
  });

  test('a wrong code opens nothing, and a right one ends after fifteen minutes', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const code = await issued(desk);

    expect(await attempt(desk, 'AAAAA-AAAAA-AAAAA-AAAAA')).toBe('bad-code');
    expect(await attempt(desk, '')).toBe('bad-code');
    clock.advance(15 * 60_000);
    expect(await attempt(desk, code)).toBe('bad-code');
    expect(await setupState(desk)).toEqual({ open: true });
    expect(await attempt(desk, await issued(desk))).toBe('made');
  });

  test('what is refused uses no code up', async () => {
    await using desk = await openTestDesk(database);
    await hasOperator(desk, { name: 'Bob' });
    await desk.store.write((tx) => tx.em.execute(`update operator set email = 'bob@example.com'`));
    const code = await issued(desk);

    const common = setUp(
      desk,
      { code, name: 'Ann', email: 'a@example.com', password: 'password1234' },
      visitor,
    );
    await expect(common).rejects.toMatchObject({ details: { errors: [{ path: 'password' }] } });
    expect(await attempt(desk, code, 'Bob@example.com')).toBe('email-taken');
    expect(await attempt(desk, code)).toBe('made');
  });

  test('any way of making an admin closes the door, even for a code that is out', async () => {
    const ways: ((desk: TestDesk) => Promise<unknown>)[] = [
      (desk) => createOperator(desk, admin, OperatorCreate.parse({ name: 'Ann', role: 'admin' })),
      async (desk) => updateOperator(desk, admin, await hasOperator(desk), { role: 'admin' }),
      (desk) =>
        importConfiguration(desk, admin, {
          version: 1,
          operators: [{ name: 'Ann', role: 'admin', is_active: true, max_load: 10 }],
          sources: [],
        }),
    ];
    for (const makeAdmin of ways) {
      await using desk = await openTestDesk(database);
      const code = await issued(desk);
      await createOperator(desk, admin, OperatorCreate.parse({ name: 'Bob' }));
      expect(await setupState(desk)).toEqual({ open: true });

      await makeAdmin(desk);

      expect(await attempt(desk, code)).toBe('setup-closed');
    }
  });

  test('nothing that is kept tells the code, and the log says who came and from where', async () => {
    await using desk = await openTestDesk(database);
    const code = await issued(desk);
    const kept = await desk.store.em().find(OneTimeCode, {});
    await attempt(desk, code);

    const entries = await desk.store.em().find(AuditEntry, {}, { orderBy: { id: 'asc' } });

    expect(JSON.stringify(kept)).not.toContain(code.slice(0, 5));
    expect(entries.map(({ actor, action, address }) => [actor, action, address])).toEqual([
      ['anonymous', 'operator.created', '192.0.2.1'],
      ['anonymous', 'setup.done', '192.0.2.1'],
      [expect.stringMatching(/^operator:\d+$/), 'session.created', '192.0.2.1'],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/quiet|argon2/);
  });
});
