import { MikroORM } from '@mikro-orm/core';
import { describe, expect, test } from 'vitest';
import { ormOptions } from '../../mikro-orm.config.ts';
import { openStore } from '../../src/store/open.ts';
import { databases, freshDatabase } from '../support/desk.ts';

const at = "'2026-01-01 12:00:00'";

/** What a gateway of the first release may have left, in statements that both databases understand. */
const rows = [
  `insert into operator (id, name, role, is_active, availability, is_online, max_load, load, created_at, updated_at)
   values (1, 'Ann', 'operator', true, 'available', true, 10, 1, ${at}, ${at})`,
  `insert into source (id, name, code, kind, is_active, strategy, return_policy, require_presence, greeting, created_at,
   updated_at) values (1, 'Shop', 'shop', 'telegram', true, 'weighted_random', 'route', false, 'Hi', ${at}, ${at})`,
  `insert into lead (id, external_id, name, created_at, updated_at) values (1, 'tg:1', 'Zoë', ${at}, ${at})`,
  `insert into contact (id, lead_id, source_id, operator_id, status, by_message, chat, attempt, created_at, assigned_at,
   version) values (1, 1, 1, 1, 'assigned', true, '1', 1, ${at}, ${at}, 1)`,
  `insert into message (id, contact_id, source_id, author, text, attachments, external_id, created_at)
   values (1, 1, 1, 'lead', 'hello', '[]', '1:7', ${at})`,
];

describe.each(databases)('a database of the first release on %s', (database) => {
  test('is brought up to date with every row, and nobody is online by mistake', async () => {
    await using old = await freshDatabase(database);
    const orm = await MikroORM.init(await ormOptions(old.url));
    await orm.migrator.up({ to: '20261121_initial' });
    for (const row of rows) await orm.em.getConnection().execute(row);
    await orm.close(true);

    await using store = await openStore({ databaseUrl: old.url, onError: () => {} });

    const [kept] = await store.em().execute<Record<string, unknown>[]>(
      `select o.name, o.load, o.is_online, s.greeting, s.greetings, l.language, c.status, c.unreachable_reason, m.text
         from contact c join operator o on o.id = c.operator_id join source s on s.id = c.source_id
         join lead l on l.id = c.lead_id join message m on m.contact_id = c.id`,
    );
    expect({ ...kept, is_online: Boolean(kept!['is_online']) }).toEqual({
      name: 'Ann',
      load: 1,
      is_online: false,
      greeting: 'Hi',
      greetings: null,
      language: null,
      status: 'assigned',
      unreachable_reason: null,
      text: 'hello',
    });
  });
});
