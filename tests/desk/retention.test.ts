import { describe, expect, test } from 'vitest';
import type { SourceId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { keepDeadLetter } from '../../src/desk/dead-letters.ts';
import { getLead } from '../../src/desk/leads.ts';
import { receiveEdit } from '../../src/desk/receive-edit.ts';
import { reopenContact } from '../../src/desk/reopen-contact.ts';
import { eraseOutdated, watchRetention } from '../../src/desk/retention.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { Lead } from '../../src/store/entities/lead.ts';
import { Message } from '../../src/store/entities/message.ts';
import {
  admin,
  databases,
  everythingTold,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  stoppedClock,
  type TestDesk,
  writes,
} from '../support/desk.ts';
import { filesWith, placesOf } from '../support/whole-database.ts';

const DAY = 24 * 3_600_000;

async function keepsFor(desk: TestDesk, days: number | null): Promise<SourceId> {
  const source = await hasSource(desk, { reopenMinutes: 43_200 });
  await updateSource(desk, admin, String(source), { retention_days: days });
  return source;
}

/** A lead comes, says something, and is done. */
async function comesAndGoes(desk: TestDesk, source: SourceId, name: string) {
  const { contactId, leadId } = await writes(desk, source, name, { text: `I am ${name}`, name, chat: name });
  await closeContact(desk, admin, contactId!, { reason: `${name} was glad` });
  return { contactId: contactId!, leadId: leadId! };
}

function sweeps(desk: TestDesk): Promise<AuditEntry[]> {
  return desk.store.em().find(AuditEntry, { action: 'retention.erased' }, { orderBy: { id: 'asc' } });
}

describe.each(databases)('on %s', (database) => {
  test('what was said is erased so many days after the contact was closed, and not before', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const [short, long, kept] = [
      await keepsFor(desk, 7),
      await keepsFor(desk, 30),
      await keepsFor(desk, null),
    ];
    const [zoe, ben] = [await comesAndGoes(desk, short, 'zoe'), await comesAndGoes(desk, long, 'ben')];
    await comesAndGoes(desk, kept, 'ann');

    clock.advance(7 * DAY);
    await eraseOutdated(desk);
    expect(await desk.store.em().count(Contact, { erasedAt: { $ne: null } })).toBe(0);
    clock.advance(1);
    await eraseOutdated(desk);

    expect(await placesOf(desk, 'zoe')).toEqual([]);
    expect(await filesWith(desk.databaseUrl, 'zoe')).toEqual([]);
    expect(await getContact(desk, admin, zoe.contactId)).toMatchObject({
      status: 'closed',
      erased_at: expect.any(String) as string,
      text: null,
      lead: { id: zoe.leadId, external_id: `erased:${zoe.leadId}`, name: null },
    });
    expect(await getContact(desk, admin, ben.contactId)).toMatchObject({ erased_at: null, text: 'I am ben' });
    clock.advance(30 * DAY);
    await eraseOutdated(desk);
    expect(await placesOf(desk, 'I am ben')).toEqual([]);
    expect((await placesOf(desk, 'I am ann')).length).toBeGreaterThan(0);
  });

  test('a lead is known by name as long as anything of it is kept', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const [short, long] = [await keepsFor(desk, 7), await keepsFor(desk, 30)];
    const first = await comesAndGoes(desk, short, 'zoe');
    const second = await comesAndGoes(desk, long, 'zoe');

    clock.advance(8 * DAY);
    await eraseOutdated(desk);
    expect(await getContact(desk, admin, first.contactId)).toMatchObject({
      text: null,
      lead: { name: 'zoe' },
    });
    expect(await getContact(desk, admin, second.contactId)).toMatchObject({ text: 'I am zoe' });
    expect(await getLead(desk, admin, first.leadId)).toMatchObject({ name: 'zoe' });
    clock.advance(30 * DAY);
    await eraseOutdated(desk);

    expect(await placesOf(desk, 'zoe')).toEqual([]);
    expect(JSON.stringify(await everythingTold(desk))).not.toContain('zoe');
    expect(await desk.store.em().count(Lead, { erasedAt: null })).toBe(0);
  });

  test('what is open stays, and what comes after an erasure is a contact of its own', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await keepsFor(desk, 7);
    await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId, leadId } = await comesAndGoes(desk, source, 'zoe');
    const other = await hasSource(desk);
    await writes(desk, other, 'zoe');
    clock.advance(8 * DAY);
    await eraseOutdated(desk);

    const again = await writes(desk, source, 'zoe');

    expect(again).toMatchObject({ leadId });
    expect(again.contactId).not.toBe(contactId);
    await expect(reopenContact(desk, admin, contactId, {})).rejects.toMatchObject({ code: 'closed' });
    expect((await loadsOf(desk)).every(({ load, counted }) => load === counted)).toBe(true);
  });

  test('a run is noted once for each source, with what it erased and no word', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await keepsFor(desk, 7);
    for (let n = 0; n < 45; n++) await comesAndGoes(desk, source, `zoe ${n}`);
    await keepDeadLetter(desk, { sourceId: source, externalId: null, reason: 'x', raw: { who: 'zoe' } });
    clock.advance(8 * DAY);

    await Promise.all([eraseOutdated(desk), eraseOutdated(desk)]);
    await eraseOutdated(desk);

    const noted = await sweeps(desk);
    expect(noted.every(({ actor, subject }) => actor === 'system' && subject === `source:${source}`)).toBe(
      true,
    );
    const sum = { contacts: 0, leads: 0, dead_letters: 0 };
    for (const { after } of noted)
      for (const [what, count] of Object.entries(after as typeof sum)) sum[what as keyof typeof sum] += count;
    expect(sum).toEqual({ contacts: 45, leads: 45, dead_letters: 1 });
    expect(noted.length).toBeLessThanOrEqual(2);
    expect(await placesOf(desk, 'zoe')).toEqual([]);
  });

  test('a long history goes in many small commits', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await keepsFor(desk, 7);
    const { contactId } = await writes(desk, source, 'zoe');
    for (let n = 0; n < 10; n++)
      await Promise.all(Array.from({ length: 50 }, () => writes(desk, source, 'zoe')));
    await closeContact(desk, admin, contactId!, {});
    clock.advance(8 * DAY);

    await eraseOutdated(desk);

    expect(await desk.store.em().count(Message)).toBe(0);
    expect(await sweeps(desk)).toMatchObject([{ after: { contacts: 1, leads: 1 } }]);
  });

  test('an edit whose message never came is not kept for ever', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const sourceId = await hasSource(desk);
    const edit = { sourceId, externalId: 'zoe:1', text: 'zoe', editedAt: clock.now(), raw: null };
    await receiveEdit(desk, edit);

    clock.advance(6 * DAY);
    await eraseOutdated(desk);
    expect(await placesOf(desk, 'zoe')).not.toEqual([]);
    clock.advance(2 * DAY);
    await eraseOutdated(desk);

    expect(await placesOf(desk, 'zoe')).toEqual([]);
  });

  test('an erasure that a crash broke off is finished', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const { leadId, contactId } = await comesAndGoes(desk, source, 'zoe');
    // As it is after the first commit of an erasure.
    const shell = { externalId: `erased:${leadId}`, name: null, erasedAt: new Date() };
    await desk.store.write((tx) => tx.em.nativeUpdate(Lead, { id: leadId }, shell));

    await Promise.all([eraseOutdated(desk), eraseOutdated(desk)]);

    expect(await placesOf(desk, 'zoe')).toEqual([]);
    expect((await getContact(desk, admin, contactId)).erased_at).not.toBeNull();
  });

  test('the sweeper does it by itself', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const { contactId } = await comesAndGoes(desk, await keepsFor(desk, 1), 'zoe');
    clock.advance(2 * DAY);

    await using _ = watchRetention(desk, { firstAfterMs: 1 });

    await expect
      .poll(async () => (await getContact(desk, admin, contactId)).erased_at, { timeout: 10_000 })
      .not.toBeNull();
  });
});
