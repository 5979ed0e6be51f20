import { describe, expect, test } from 'vitest';
import { audit } from '../../src/desk/audit-log.ts';
import { SYSTEM } from '../../src/desk/actor.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { databases } from '../support/desk.ts';
import { noon, openGround } from './ground.ts';

const columns = 'id, at, actor, action, subject';

describe.each(databases)('the audit log on %s', (database) => {
  test('takes no row in the place of another', async () => {
    await using ground = await openGround(database);
    const { store } = ground;
    await store.write((tx) => audit(tx, SYSTEM, { at: noon, action: 'lead.erased', subject: 'lead:1' }));
    const { id } = await store.em().findOneOrFail(AuditEntry, { action: 'lead.erased' });
    const other = `select ${id}, at, 'nobody', action, subject from audit_entry`;
    const attempt =
      database === 'sqlite'
        ? `insert or replace into audit_entry (${columns}) ${other}`
        : `insert into audit_entry (${columns}) ${other} on conflict (id) do update set actor = excluded.actor`;

    await expect(store.write((tx) => tx.em.execute(attempt))).rejects.toThrow(/append-only/);

    expect(await store.em().findAll(AuditEntry)).toMatchObject([{ id, actor: 'system' }]);
    await store.write((tx) => audit(tx, SYSTEM, { at: noon, action: 'lead.erased', subject: 'lead:2' }));
    expect(await store.em().count(AuditEntry)).toBe(2);
  });
});
