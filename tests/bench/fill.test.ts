import { describe, expect, test } from 'vitest';
import { fillPostgres, fillSqlite } from '../../bench/fill.ts';
import { externalIdOf } from '../../bench/population.ts';
import { QUEUE_SOURCE, seed } from '../../bench/seed.ts';
import { ContactCreate } from '../../src/contract/contact.ts';
import { ENVIRONMENT } from '../../src/desk/actor.ts';
import { openContact } from '../../src/desk/open-contact.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { openLog } from '../../src/log.ts';
import { databases, freshDatabase } from '../support/desk.ts';

const admin = ENVIRONMENT;

describe.each(databases)('a filled database, %s', (database) => {
  test('holds what a desk holds that has run for a while, and goes on from there', async () => {
    await using fresh = await freshDatabase(database);
    const seeded = await seed(fresh.url);

    if (database === 'sqlite') fillSqlite(fresh.url.replace('sqlite:', ''), 1_000);
    else await fillPostgres(fresh.url, 1_000);

    const secretKey = Buffer.from(seeded.secretKey, 'base64');
    const log = openLog('silent');
    await using desk = await openDesk({ databaseUrl: fresh.url, secretKey, routingSeed: 'any', log });
    const create = ContactCreate.parse({ external_id: 'next', source_code: 'source-1' });
    const { contact } = await openContact(desk, admin, create, null);
    expect(contact).toMatchObject({ id: 1_001, status: 'assigned' });
    const count = async (from: string): Promise<number> => {
      const [row] = await desk.store.em().execute<{ n: unknown }[]>(`select count(*) as n from ${from}`);
      return Number(row!.n);
    };
    expect(await count("contact where status = 'assigned'")).toBe(901);
    expect(await count(`contact where status = 'waiting' and source_id = ${QUEUE_SOURCE}`)).toBe(100);
    expect(await count('decision')).toBe(101);
    const wrongLoads = `operator where load <>
      (select count(*) from contact where operator_id = operator.id and status = 'assigned')`;
    expect(await count(wrongLoads)).toBe(0);
    expect(await count(`lead where external_id = '${externalIdOf(1_000)}'`)).toBe(1);
  });
});
