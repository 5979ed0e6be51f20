import { describe, expect, test } from 'vitest';
import { hashPassword } from '../../src/desk/password-hash.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import { Password } from '../../src/store/entities/password.ts';
import { databases } from '../support/desk.ts';
import { startTestApp, type TestApp } from '../support/http.ts';
import { rankTest } from '../support/rank-test.ts';

const TRIES = 200;
// By chance a run fails, on two databases, once in 50,000.
const ALPHA = 1e-5;

/** So many operators with a password each; one who was tried often would wait. */
async function haveAccounts(app: TestApp): Promise<void> {
  const hash = await hashPassword('quiet harbour lantern');
  await app.app.desk.store.write(async (tx) => {
    const now = new Date();
    for (let turn = 0; turn < TRIES; turn++) {
      const operator = tx.em.create(Operator, {
        name: `Operator ${turn}`,
        email: `known-${turn}@example.com`,
        role: 'operator',
        isActive: true,
        availability: 'available',
        isOnline: false,
        maxLoad: 10,
        load: 0,
        createdAt: now,
        updatedAt: now,
      });
      tx.em.create(Password, { operator, hash, changedAt: now });
    }
    await tx.em.flush();
  });
}

/** How long a failed sign-in takes, in milliseconds, from an address of its own. */
async function timeOf(app: TestApp, email: string, address: string): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${app.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ email, password: 'not that one' }),
  });
  await answer.text();
  expect(answer.status).toBe(401);
  return performance.now() - startedAt;
}

describe.each(databases)('on %s', (database) => {
  test(
    'nobody learns by the time of a sign-in whether an e-mail is known',
    { timeout: 120_000 },
    async () => {
      await using app = await startTestApp(database, { trustedProxies: ['127.0.0.1'] });
      await haveAccounts(app);
      const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
      await timeOf(app, 'unknown@example.com', '192.0.2.1');

      for (let turn = 0; turn < TRIES; turn++) {
        // In an order that nothing else follows.
        const order = Math.random() < 0.5 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
        for (const kind of order)
          times[kind].push(
            await timeOf(app, `${kind}-${turn}@example.com`, `198.51.${kind.length}.${turn + 1}`),
          );
      }

      expect(rankTest(times.known, times.unknown)).toBeGreaterThan(ALPHA);
    },
  );
});
