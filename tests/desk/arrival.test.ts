import { describe, expect, test } from 'vitest';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { receiveEdit } from '../../src/desk/receive-edit.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { Lead } from '../../src/store/entities/lead.ts';
import { Message } from '../../src/store/entities/message.ts';
import {
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  opens,
  writes,
} from '../support/desk.ts';

describe.each(databases)('on %s', (database) => {
  test('a contact goes to an operator of its source, with the decision that says why', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 10 } });

    const contact = await opens(desk, source, 'lead-1');

    expect(contact).toMatchObject({ status: 'assigned', operator_id: ann, version: 1 });
    expect(contact.decision).toMatchObject({
      outcome: 'assigned',
      operator_id: ann,
      total_weight: 10,
      candidates: [{ operator_id: ann, weight: 10, load: 0, max_load: 1, eligible: true, reason: null }],
    });
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('a contact waits when every operator is full, and the decision says so', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { maxLoad: 0, on: { [source]: 10 } });
    await hasOperator(desk, { isActive: false, on: { [source]: 10 } });

    const contact = await opens(desk, source, 'lead-1');

    expect(contact).toMatchObject({ status: 'waiting', operator_id: null });
    expect(contact.decision.refused).toEqual({ 'at-cap': 1, inactive: 1 });
  });

  test('the oldest waiting contact is given out when a seat is freed', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const [first, second, third] = [
      await opens(desk, source, 'a'),
      await opens(desk, source, 'b'),
      await opens(desk, source, 'c'),
    ];

    await closeContact(desk, admin, first.id, { reason: 'done' });

    expect(await getContact(desk, admin, second.id)).toMatchObject({ status: 'assigned', operator_id: ann });
    expect(await getContact(desk, admin, third.id)).toMatchObject({ status: 'waiting' });
    const { items } = await listDecisions(desk, admin, second.id, { limit: 10 });
    expect(items.map((decision) => decision.trigger)).toEqual(['drain', 'arrival']);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('messages of one lead that arrive at once make one lead and one contact', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { on: { [source]: 1 } });

    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        writes(desk, source, 'ann', { externalId: `m${n}`, text: `${n}` }),
      ),
    );

    expect(new Set(receipts.map((receipt) => receipt.contactId)).size).toBe(1);
    expect(await desk.store.em().count(Lead)).toBe(1);
    expect(await desk.store.em().count(Contact)).toBe(1);
    const { items } = await listMessages(desk, admin, receipts[0]!.contactId!, { limit: 50 });
    expect(items.map((message) => message.text)).toEqual(Array.from({ length: 20 }, (_, n) => `${19 - n}`));
  });

  test('a repeated message changes nothing and answers what it made', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);

    const first = await writes(desk, source, 'ann', { externalId: '7' });
    const [again, twin] = await Promise.all([
      writes(desk, source, 'ann', { externalId: '7' }),
      writes(desk, source, 'ann', { externalId: '7' }),
    ]);

    expect(again).toEqual({ ...first, duplicate: true });
    expect(twin).toEqual({ ...first, duplicate: true });
    expect(await desk.store.em().count(Message)).toBe(1);
  });

  test('the same user writing to two bots with equal message ids makes two contacts', async () => {
    await using desk = await openTestDesk(database);
    const [one, two] = [await hasSource(desk), await hasSource(desk)];

    const [a, b] = await Promise.all([
      writes(desk, one, 'tg:1', { externalId: '1:1' }),
      writes(desk, two, 'tg:1', { externalId: '1:1' }),
    ]);

    expect(a.leadId).toBe(b.leadId);
    expect(a.contactId).not.toBe(b.contactId);
    expect([a.duplicate, b.duplicate]).toEqual([false, false]);
  });

  test('an edit that comes before its message is applied when the message comes', async () => {
    await using desk = await openTestDesk(database);
    const sourceId = await hasSource(desk);
    const editedAt = new Date('2026-01-02T03:04:05.000Z');

    await receiveEdit(desk, { sourceId, externalId: '1:5', text: 'right', editedAt, raw: null });
    const { contactId } = await writes(desk, sourceId, 'ann', { externalId: '1:5', text: 'wrong' });

    const { items } = await listMessages(desk, admin, contactId!, { limit: 5 });
    expect(items).toMatchObject([{ text: 'right', edited_at: editedAt.toISOString() }]);
  });
});
