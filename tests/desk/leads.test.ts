import { describe, expect, test } from 'vitest';
import { LeadUpdate } from '../../src/contract/lead.ts';
import type { LeadId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact, listContacts } from '../../src/desk/contacts.ts';
import { listTrail } from '../../src/desk/contact-history.ts';
import { getLead, listLeads } from '../../src/desk/leads.ts';
import { mergeLeads } from '../../src/desk/merge-leads.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { updateLead } from '../../src/desk/update-lead.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { Lead } from '../../src/store/entities/lead.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  opens,
  stoppedClock,
  type TestDesk,
  writes,
} from '../support/desk.ts';
import { eventsOf } from './administration.ts';

const update = (desk: TestDesk, id: LeadId, change: object) =>
  updateLead(desk, admin, id, LeadUpdate.parse(change));
const all = { limit: 50 };

describe.each(databases)('on %s', (database) => {
  test('the newest leads come first, page by page, and are found by any of their words', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    for (const [id, name] of [
      ['a@x.org', 'Ann'],
      ['b_1', 'Bob 100%'],
      ['c', 'Carl'],
    ] as const)
      await writes(desk, source, id, { name });

    const first = await listLeads(desk, admin, { limit: 2 });
    const second = await listLeads(desk, admin, { limit: 2, cursor: first.next_cursor! });
    const found = async (q: string) =>
      (await listLeads(desk, admin, { limit: 9, q })).items.map((lead) => lead.external_id);

    expect([...first.items, ...second.items].map((lead) => lead.name)).toEqual(['Carl', 'Bob 100%', 'Ann']);
    expect(await found('A@X')).toEqual(['a@x.org']);
    expect(await found('b_')).toEqual(['b_1']);
    expect(await found('0%')).toEqual(['b_1']);
    expect(await found('carl')).toEqual(['c']);
    expect(await found("' or 1=1 --")).toEqual([]);
  });

  test('a lead shows where its contacts stand, the newest first', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { code: 'site' });
    const old = await opens(desk, source, 'ann');
    await closeContact(desk, admin, old.id, {});
    const fresh = await opens(desk, source, 'ann');

    const lead = await getLead(desk, admin, old.lead_id);

    const from = { id: source, code: 'site', name: 'site' };
    expect(lead.contacts).toEqual([
      { id: fresh.id, status: 'waiting', source: from, created_at: fresh.created_at },
      { id: old.id, status: 'closed', source: from, created_at: old.created_at },
    ]);
    await expect(getLead(desk, admin, 4711 as LeadId)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('an operator sees the leads of its contacts and of the queues of its sources', async () => {
    await using desk = await openTestDesk(database);
    const [mine, other] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [mine]: 1 } });
    await hasOperator(desk, { maxLoad: 1, on: { [other]: 1 } });
    const held = await opens(desk, mine, 'held');
    const queued = await opens(desk, mine, 'queued');
    const foreign = await opens(desk, other, 'foreign');
    const foreignQueue = await opens(desk, other, 'foreign queue');
    const both = await opens(desk, other, 'held');
    const me = actingAs(ann);

    const { items } = await listLeads(desk, me, all);

    expect(items.map((lead) => lead.external_id)).toEqual(['queued', 'held']);
    expect((await getLead(desk, me, held.lead_id)).contacts.map((one) => one.id)).toEqual([both.id, held.id]);
    expect(await getLead(desk, me, queued.lead_id)).toMatchObject({ external_id: 'queued' });
    for (const lead of [foreign.lead_id, foreignQueue.lead_id])
      await expect(getLead(desk, me, lead)).rejects.toMatchObject({ code: 'not-found' });
    await expect(updateLead(desk, me, held.lead_id, { name: 'x' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('a lead is corrected field by field; null forgets', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const { lead_id: id } = await opens(desk, source, 'ann');

    await update(desk, id, { name: 'Ann', phone: '+1', email: 'ann@example.org' });
    const after = await update(desk, id, { phone: null, external_id: 'anna' });

    expect(after).toMatchObject({
      external_id: 'anna',
      name: 'Ann',
      phone: null,
      email: 'ann@example.org',
    });
    const again = await opens(desk, source, 'anna');
    expect(again.lead_id).toBe(id);
  });

  test('an external id of another lead is refused, also one that a merge left behind', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const [ann, bob, gone] = [
      await opens(desk, source, 'ann'),
      await opens(desk, source, 'bob'),
      await opens(desk, source, 'gone'),
    ];
    await mergeLeads(desk, admin, gone.lead_id, { into: bob.lead_id });

    for (const external_id of ['bob', 'gone'])
      await expect(update(desk, ann.lead_id, { external_id })).rejects.toMatchObject({
        code: 'external-id-taken',
      });

    expect(await update(desk, bob.lead_id, { external_id: 'gone' })).toMatchObject({ external_id: 'gone' });
    expect((await opens(desk, source, 'gone')).lead_id).toBe(bob.lead_id);
  });

  test('a merge joins the histories, fills gaps, and every old id keeps resolving', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const [ann, anna, annie] = [
      await opens(desk, source, 'ann'),
      await opens(desk, source, 'anna'),
      await opens(desk, source, 'annie'),
    ];
    await update(desk, ann.lead_id, { name: 'Ann', phone: '+1' });
    await update(desk, anna.lead_id, { name: 'Anna', email: 'anna@example.org' });

    await mergeLeads(desk, admin, annie.lead_id, { into: ann.lead_id });
    const merged = await mergeLeads(desk, admin, ann.lead_id, { into: anna.lead_id });

    expect(merged).toMatchObject({
      id: anna.lead_id,
      external_id: 'anna',
      name: 'Anna',
      phone: '+1',
      email: 'anna@example.org',
    });
    expect(await desk.store.em().count(Lead)).toBe(1);
    expect((await getLead(desk, admin, anna.lead_id)).contacts.map((one) => one.id)).toEqual([
      annie.id,
      anna.id,
      ann.id,
    ]);
    for (const id of ['ann', 'annie', 'anna'])
      expect((await opens(desk, source, id)).lead_id).toBe(anna.lead_id);
    expect(await getContact(desk, admin, ann.id)).toMatchObject({
      status: 'waiting',
      lead: { id: anna.lead_id, external_id: 'anna' },
      version: ann.version + 1,
    });
    const { items: steps } = await listTrail(desk, admin, annie.id, { limit: 1 });
    expect(steps).toMatchObject([{ type: 'contact.waiting', reason: 'merged' }]);
  });

  test('of two contacts that messages opened on one source the older stays with all messages', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, { kind: 'telegram' });
    const ann = await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
    const say = async (lead: string, text: string) => {
      clock.advance(1000);
      return writes(desk, source, lead, { text, chat: `chat of ${lead}` });
    };
    const older = await say('ann', '1');
    const newer = await say('anna', '2');
    await say('ann', '3');
    await say('anna', '4');
    const me = actingAs(ann);
    for (const contact of [older, newer])
      await writeMessage(desk, me, contact.contactId!, { kind: 'note', text: 'seen', client_id: 'same' });
    const late = await opens(desk, source, 'late');
    expect(late.status).toBe('waiting');
    clock.advance(1000);

    await mergeLeads(desk, admin, older.leadId!, { into: newer.leadId! });

    expect(await getContact(desk, admin, older.contactId!)).toMatchObject({
      status: 'assigned',
      operator_id: ann,
      lead_id: newer.leadId,
      last_message: { text: '4' },
    });
    expect(await getContact(desk, admin, newer.contactId!)).toMatchObject({
      status: 'closed',
      close_reason: 'merged',
      closed_at: clock.now().toISOString(),
      last_message: null,
    });
    const { items } = await listMessages(desk, admin, older.contactId!, all);
    expect(items.map((message) => message.text)).toEqual(['seen', 'seen', '4', '3', '2', '1']);
    expect((await listMessages(desk, admin, newer.contactId!, all)).items).toEqual([]);
    expect(await getContact(desk, admin, late.id)).toMatchObject({ status: 'assigned', operator_id: ann });
    expect(await loadsOf(desk)).toMatchObject([{ load: 2, counted: 2 }]);
    const told = await eventsOf(desk, 'message.updated');
    expect(told.map(({ contactId, data }) => [contactId, (data as { text: string }).text])).toEqual([
      [older.contactId, '2'],
      [older.contactId, '4'],
      [older.contactId, 'seen'],
    ]);
  });

  test('after a merge the next message of either id joins the contact that stayed', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const [ann, anna] = [await writes(desk, source, 'ann'), await writes(desk, source, 'anna')];

    await mergeLeads(desk, admin, anna.leadId!, { into: ann.leadId! });
    const next = [await writes(desk, source, 'ann'), await writes(desk, source, 'anna')];

    expect(next.map((receipt) => receipt.contactId)).toEqual([ann.contactId, ann.contactId]);
  });

  test('contacts on different sources, or opened by hand, stay open in a merge', async () => {
    await using desk = await openTestDesk(database);
    const [one, two] = [await hasSource(desk), await hasSource(desk)];
    await writes(desk, one, 'ann');
    await opens(desk, two, 'ann');
    const { leadId } = await writes(desk, two, 'anna');
    const { lead_id: from } = await opens(desk, one, 'ann');

    await mergeLeads(desk, admin, from, { into: leadId! });

    const { items } = await listContacts(desk, admin, { limit: 50, lead_id: leadId! });
    expect(items.map((contact) => contact.status)).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  });

  test('a reply that is still to be posted goes on in the order of the lead that stayed', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'webhook', callbackUrl: 'https://example.org' });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const [from, into] = [await writes(desk, source, 'from'), await writes(desk, source, 'into')];
    await writeMessage(desk, actingAs(ann), from.contactId!, { kind: 'reply', text: 'first' });

    await mergeLeads(desk, admin, from.leadId!, { into: into.leadId! });
    await writeMessage(desk, actingAs(ann), from.contactId!, { kind: 'reply', text: 'second' });

    const lanes = (await desk.store.em().find(Delivery, {})).map((delivery) => delivery.lane);
    expect(lanes).toEqual([`lead:${into.leadId}`, `lead:${into.leadId}`]);
  });

  test('a lead is not merged into itself, into nobody, or by an operator', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { lead_id: id } = await opens(desk, source, 'ann');

    for (const into of [id, 4711 as LeadId])
      await expect(mergeLeads(desk, admin, id, { into })).rejects.toMatchObject({
        code: 'invalid',
        details: { errors: [{ path: 'into' }] },
      });
    await expect(mergeLeads(desk, admin, 4711 as LeadId, { into: id })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(mergeLeads(desk, actingAs(ann), id, { into: id })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('messages that arrive while their leads are merged are neither lost nor doubled', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { maxLoad: 100, on: { [source]: 1 } });
    const [ann, anna] = [await writes(desk, source, 'ann'), await writes(desk, source, 'anna')];

    const [, ...receipts] = await Promise.all([
      mergeLeads(desk, admin, anna.leadId!, { into: ann.leadId! }),
      ...Array.from({ length: 20 }, (_, n) =>
        writes(desk, source, n % 2 === 0 ? 'ann' : 'anna', { externalId: `m${n}` }),
      ),
    ]);

    expect(receipts.every((receipt) => !receipt.duplicate)).toBe(true);
    const { items } = await listMessages(desk, admin, ann.contactId!, { limit: 50 });
    expect(items).toHaveLength(22);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });
});
