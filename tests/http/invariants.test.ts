import { describe, expect, test } from 'vitest';
import type { InvariantRepair, Invariants } from '../../src/contract/invariants.ts';
import { databases } from '../support/desk.ts';
import {
  holderOf,
  madeContact,
  madeOperator,
  madeSource,
  startTestApp,
  type TestApp,
} from '../support/http.ts';

async function breachesScraped(app: TestApp): Promise<Record<string, number>> {
  const { text } = await app.as(null)('GET', '//metrics');
  const samples = text.matchAll(/^leadgate_invariant_breaches\{invariant="([\w-]+)"\} (\d+)$/gm);
  return Object.fromEntries([...samples].map(([, name, count]) => [name!, Number(count)]));
}

describe.each(databases)('on %s', (database) => {
  test('a wrong load is told to whoever oversees and to Prometheus, and mended by an admin', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app);
    const chief = await madeOperator(app, { role: 'supervisor' });
    const source = await madeSource(app, {}, { [ann.id]: 1 });
    await madeContact(app, source.id);
    const asSupervisor = await holderOf(app, { operator_id: chief.id });
    await app.app.desk.store.write((tx) =>
      tx.em.execute(`update operator set load = 9 where id = ${ann.id}`),
    );

    const found = await asSupervisor<Invariants>('GET', '/stats/invariants');
    const scraped = await breachesScraped(app);
    const mended = await app.admin<InvariantRepair>('POST', '/stats/invariants/repair');

    expect(found.json).toMatchObject({ ok: false, checks: [{ name: 'load', breaches: 1 }, {}, {}, {}] });
    expect(scraped).toEqual({ load: 1, 'one-operator': 0, unserved: 0, trail: 0 });
    expect(mended.json).toEqual({
      repaired: [
        { invariant: 'load', subject: `operator:${ann.id}`, before: { load: 9 }, after: { load: 1 } },
      ],
      remaining: [],
    });
    expect(await breachesScraped(app)).toEqual({ load: 0, 'one-operator': 0, unserved: 0, trail: 0 });
  });

  test('operators neither see nor repair them, and supervisors only see them', async () => {
    await using app = await startTestApp(database);
    const asOperator = await holderOf(app, { operator_id: (await madeOperator(app)).id });
    const chief = await madeOperator(app, { role: 'supervisor' });
    const asSupervisor = await holderOf(app, { operator_id: chief.id });

    const statuses = [];
    for (const client of [asOperator, asSupervisor]) {
      statuses.push((await client('GET', '/stats/invariants')).status);
      statuses.push((await client('POST', '/stats/invariants/repair')).status);
    }

    expect(statuses).toEqual([403, 403, 200, 403]);
  });
});
