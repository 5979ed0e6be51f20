import { describe, expect, test } from 'vitest';
import { ContactCreate } from '../../src/contract/contact.ts';
import { HookMessage } from '../../src/contract/hook.ts';
import type { LeadId } from '../../src/contract/ids.ts';
import { MessageCreate } from '../../src/contract/message.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listTrail } from '../../src/desk/contact-history.ts';
import { getContact, listContacts } from '../../src/desk/contacts.ts';
import { keepDeadLetter } from '../../src/desk/dead-letters.ts';
import { declineContact } from '../../src/desk/decline-contact.ts';
import { eraseLead } from '../../src/desk/erase-lead.ts';
import { getLead, listLeads } from '../../src/desk/leads.ts';
import { mergeLeads } from '../../src/desk/merge-leads.ts';
import { openContact } from '../../src/desk/open-contact.ts';
import { receiveEdit } from '../../src/desk/receive-edit.ts';
import { reopenContact } from '../../src/desk/reopen-contact.ts';
import { updateLead } from '../../src/desk/update-lead.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { DeadLetter } from '../../src/store/entities/dead-letter.ts';
import { Decision } from '../../src/store/entities/decision.ts';
import { Lead } from '../../src/store/entities/lead.ts';
import { Message } from '../../src/store/entities/message.ts';
import {
  actingAs,
  admin,
  databases,
  everythingTold,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  opens,
  supervisor,
  type TestDesk,
  waits,
  writes,
} from '../support/desk.ts';
import { filesWith, placesOf } from '../support/whole-database.ts';

const says = (text: string, kind: 'reply' | 'note' = 'reply') => MessageCreate.parse({ text, kind });
const page = { limit: 200 };

/** A lead that has left words in every place that has one; every word and name of it holds `canary`. */
async function leavesWords(desk: TestDesk): Promise<{ leadId: LeadId; chat: string }> {
  const site = await hasSource(desk, { offerSeconds: 60 });
  const bot = await hasSource(desk, { kind: 'telegram', greeting: 'Welcome', reopenMinutes: 60 });
  const ann = await hasOperator(desk, { on: { [site]: 1, [bot]: 1 } });
  const asAnn = actingAs(ann);
  const chat = '4711canary';
  const words = { chat, name: 'Canary Ann', language: 'en', raw: { from: 'canary' } };
  const first = await writes(desk, bot, 'tg:canary', { ...words, externalId: `${chat}:1`, text: 'canary 1' });
  await writes(desk, bot, 'tg:canary', { ...words, externalId: `${chat}:2`, text: 'canary 2' });
  const edit = { editedAt: new Date(), raw: null, sourceId: bot };
  await receiveEdit(desk, { ...edit, externalId: `${chat}:2`, text: 'canary, better' });
  await receiveEdit(desk, { ...edit, externalId: `${chat}:77`, text: 'canary, early' });
  await assignContact(desk, admin, first.contactId!, { operator_id: ann, note: 'a canary note' });
  await writeMessage(desk, asAnn, first.contactId!, says('dear canary'));
  await writeMessage(desk, asAnn, first.contactId!, says('canary is nice', 'note'));
  await closeContact(desk, asAnn, first.contactId!, { reason: 'canary was content' });
  const asked = { external_id: 'old-canary', source_id: site, text: 'a canary asks', phone: '+49canary' };
  const { contact } = await openContact(desk, admin, { ...asked, email: 'canary@example.com' }, 'canary-key');
  await declineContact(desk, asAnn, contact.id, { reason: 'no canaries' });
  await mergeLeads(desk, admin, contact.lead_id, { into: first.leadId! });
  await keepDeadLetter(desk, { sourceId: bot, externalId: null, reason: 'x', raw: { from: { id: chat } } });
  await keepDeadLetter(desk, { sourceId: site, externalId: null, reason: 'x', raw: '{"id": "old-canary"' });
  return { leadId: first.leadId!, chat };
}

const refused = async (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'yes',
    (error: unknown) => (error as { code?: string }).code,
  );

describe.each(databases)('on %s', (database) => {
  test('nothing is left of an erased lead, in no column and in no file', async () => {
    await using desk = await openTestDesk(database);
    const { leadId } = await leavesWords(desk);
    expect((await placesOf(desk, 'canary')).length).toBeGreaterThan(12);

    await eraseLead(desk, admin, leadId);

    expect(await placesOf(desk, 'canary')).toEqual([]);
    expect(await placesOf(desk, 'Canary')).toEqual([]);
    expect(await filesWith(desk.databaseUrl, 'canary')).toEqual([]);
    expect(await filesWith(desk.databaseUrl, 'Canary')).toEqual([]);
    expect(JSON.stringify(await everythingTold(desk))).not.toMatch(/canary/i);
  });

  test('what counts stays: contacts, decisions, who did what', async () => {
    await using desk = await openTestDesk(database);
    const { leadId } = await leavesWords(desk);
    const em = desk.store.em();
    const before = await em.find(Contact, {}, { orderBy: { id: 'asc' }, disableIdentityMap: true });
    const decisions = await em.count(Decision);
    const trail = await listTrail(desk, admin, before[0]!.id, page);

    await eraseLead(desk, admin, leadId);

    const after = await desk.store.em().find(Contact, {}, { orderBy: { id: 'asc' } });
    const numbers = (contacts: Contact[]) =>
      contacts.map(({ id, source, operator, createdAt, assignedAt }) => [
        id,
        source.id,
        operator?.id,
        createdAt,
        assignedAt,
      ]);
    expect(numbers(after)).toEqual(numbers(before));
    expect(after.every(({ status, erasedAt }) => status === 'closed' && erasedAt)).toBe(true);
    expect(await desk.store.em().count(Decision)).toBe(decisions);
    const kept = await listTrail(desk, admin, before[0]!.id, page);
    expect(kept.items[0]).toMatchObject({ type: 'contact.updated', reason: 'erased' });
    expect(kept.items.slice(1)).toEqual(
      trail.items.map((step) => ({
        ...step,
        reason: step.reason === 'canary was content' ? null : step.reason,
      })),
    );
    const declined = await listTrail(desk, admin, before[1]!.id, page);
    expect(declined.items.map(({ reason }) => reason)).toContain('declined');
  });

  test('the seats of its open contacts are free for who waits', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
    const [first] = [await opens(desk, source, 'zoe'), await opens(desk, source, 'zoe')];
    const other = await waits(desk, source, 'ben');

    await eraseLead(desk, admin, first.lead_id);

    expect(await getContact(desk, admin, first.id)).toMatchObject({
      status: 'closed',
      close_reason: 'erased',
      erased_at: expect.any(String) as string,
      lead: { external_id: `erased:${first.lead_id}`, name: null },
      last_message: null,
    });
    expect(await getContact(desk, admin, other.id)).toMatchObject({ status: 'assigned', operator_id: ann });
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('whoever writes under the same id afterwards is a new lead', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { reopenMinutes: 60 });
    const first = await writes(desk, source, 'zoe', { name: 'Zoe' });
    await eraseLead(desk, admin, first.leadId!);

    const again = await writes(desk, source, 'zoe');

    expect(again.leadId).not.toBe(first.leadId);
    expect(again.contactId).not.toBe(first.contactId);
    expect(await getLead(desk, admin, again.leadId!)).toMatchObject({ external_id: 'zoe', name: null });
  });

  test('an erased lead is not there any more, and nothing is said in its contacts', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { leadId, contactId } = await writes(desk, source, 'zoe');
    const other = await writes(desk, source, 'ben');
    await eraseLead(desk, admin, leadId!);

    expect((await listLeads(desk, admin, page)).items.map(({ id }) => id)).toEqual([other.leadId]);
    expect((await listLeads(desk, admin, { ...page, q: 'erased' })).items).toEqual([]);
    expect((await listContacts(desk, admin, { ...page, q: 'zoe' })).items).toEqual([]);
    expect(await refused(getLead(desk, admin, leadId!))).toBe('not-found');
    expect(await refused(updateLead(desk, admin, leadId!, { name: 'Zoe' }))).toBe('not-found');
    expect(await refused(mergeLeads(desk, admin, leadId!, { into: other.leadId! }))).toBe('not-found');
    expect(await refused(mergeLeads(desk, admin, other.leadId!, { into: leadId! }))).toBe('invalid');
    expect(await refused(reopenContact(desk, admin, contactId!, {}))).toBe('closed');
    expect(await refused(writeMessage(desk, actingAs(ann), contactId!, says('hm', 'note')))).toBe('closed');
    const asShell = { external_id: `erased:${leadId}`, source_id: source };
    expect(ContactCreate.safeParse(asShell).success).toBe(false);
    expect(HookMessage.safeParse(asShell).success).toBe(false);
    expect(await refused(eraseLead(desk, supervisor, leadId!))).toBe('forbidden');
    expect(await refused(eraseLead(desk, admin, 4711 as LeadId))).toBe('not-found');
  });

  test('an erasure that was broken off is finished when it is asked for again', async () => {
    await using desk = await openTestDesk(database);
    const { leadId } = await leavesWords(desk);
    // As it is after the first commit: the lead is gone, and nothing else yet.
    await desk.store.write((tx) =>
      tx.em.nativeUpdate(Lead, { id: leadId }, { externalId: `erased:${leadId}`, erasedAt: new Date() }),
    );

    await eraseLead(desk, admin, leadId);

    expect(await desk.store.em().count(Message)).toBe(0);
    expect(await desk.store.em().count(Contact, { erasedAt: null })).toBe(0);
  });

  test('an erasure is noted once, by id alone', async () => {
    await using desk = await openTestDesk(database);
    const { leadId } = await leavesWords(desk);

    await eraseLead(desk, admin, leadId);
    await eraseLead(desk, admin, leadId);

    const noted = await desk.store.em().find(AuditEntry, { action: 'lead.erased' });
    expect(noted).toMatchObject([{ subject: `lead:${leadId}`, before: null, after: null }]);
  });

  test('dead letters of others stay', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram' });
    const { leadId } = await writes(desk, source, 'zoe', { chat: '47' });
    await keepDeadLetter(desk, { sourceId: source, externalId: '47:9', reason: 'x', raw: { chat: 1 } });
    const other = { sourceId: source, externalId: '471:1', reason: 'x', raw: { from: 471, says: 'zoey' } };
    const kept = await keepDeadLetter(desk, other);

    await eraseLead(desk, admin, leadId!);

    const left = await desk.store.em().find(DeadLetter, {});
    expect(left.map(({ id }) => id)).toEqual([kept]);
  });
});
