import { describe, expect, test } from 'vitest';
import type { ContactId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import { getContact } from '../../src/desk/contacts.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { commitBatch } from '../../src/desk/intake/commit-batch.ts';
import { mergeLeads } from '../../src/desk/merge-leads.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import {
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  movesOf,
  opens,
  openTestDesk,
  stoppedClock,
  writes,
} from '../support/desk.ts';

const MINUTE = 60_000;
const contactsOf = (desk: Desk) => desk.store.em().count(Contact);

describe.each(databases)('on %s', (database) => {
  test('a message soon after the end opens the same contact again, and it is routed', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, { reopenMinutes: 10, returnPolicy: 'prefer_last' });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId: id } = await writes(desk, source, 'lead');
    await hasOperator(desk, { on: { [source]: 1_000_000 } });
    await closeContact(desk, admin, id!, { reason: 'done' });
    clock.advance(9 * MINUTE);

    const receipt = await writes(desk, source, 'lead');

    expect(receipt.contactId).toBe(id);
    expect(await getContact(desk, admin, id!)).toMatchObject({
      status: 'assigned',
      operator_id: ann,
      closed_at: null,
      close_reason: null,
    });
    const [decision] = (await listDecisions(desk, admin, id!, { limit: 1 })).items;
    expect(decision).toMatchObject({ trigger: 'reopened', rule: 'prefer_last', operator_id: ann });
    expect((await movesOf(desk, id!)).slice(-2)).toEqual([
      `reopened ${ann} → - by lead: reopened`,
      `assigned - → ${ann} by routing: reopened`,
    ]);
    expect(await loadsOf(desk)).toMatchObject([
      { load: 1, counted: 1 },
      { load: 0, counted: 0 },
    ]);
  });

  test.each([
    ['later', { reopenMinutes: 10 }, 10],
    ['where the source does not want it', {}, 0],
  ])('%s it opens a new one', async (_, traits, minutes) => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, traits);
    const { contactId: id } = await writes(desk, source, 'lead');
    await closeContact(desk, admin, id!, {});
    clock.advance(minutes * MINUTE);

    const receipt = await writes(desk, source, 'lead');

    expect(receipt.contactId).not.toBe(id);
    expect(await getContact(desk, admin, id!)).toMatchObject({ status: 'closed' });
  });

  test('at its own age: it goes before whoever comes in the same moment, and nobody gets above the cap', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, { reopenMinutes: 10 });
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const { contactId: id } = await writes(desk, source, 'old');
    await closeContact(desk, admin, id!, {});
    clock.advance(MINUTE);

    const [fresh] = await Promise.all([writes(desk, source, 'new'), writes(desk, source, 'old')]);

    expect(await getContact(desk, admin, id!)).toMatchObject({ status: 'assigned', operator_id: ann });
    expect(await getContact(desk, admin, fresh.contactId!)).toMatchObject({ status: 'waiting' });
    await closeContact(desk, admin, id!, {});
    expect(await getContact(desk, admin, fresh.contactId!)).toMatchObject({ operator_id: ann });
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('it waits when nobody is free, and the decision says why', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { reopenMinutes: 10 });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId: id } = await writes(desk, source, 'lead');
    await closeContact(desk, admin, id!, {});
    await updateOperator(desk, admin, ann, { availability: 'paused' });

    await writes(desk, source, 'lead');

    expect(await getContact(desk, admin, id!)).toMatchObject({ status: 'waiting', operator_id: null });
    const [decision] = (await listDecisions(desk, admin, id!, { limit: 1 })).items;
    expect(decision).toMatchObject({ trigger: 'reopened', outcome: 'waiting', refused: { paused: 1 } });
  });

  test('forty messages at once open it once', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { reopenMinutes: 10 });
    await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId: id } = await writes(desk, source, 'lead');
    await closeContact(desk, admin, id!, {});

    const receipts = await Promise.all(Array.from({ length: 40 }, () => writes(desk, source, 'lead')));

    expect(new Set(receipts.map((receipt) => receipt.contactId))).toEqual(new Set([id]));
    expect((await movesOf(desk, id!)).filter((move) => move.startsWith('reopened'))).toHaveLength(1);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('a contact whose messages another one has now stays closed', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { reopenMinutes: 10 });
    const older = await writes(desk, source, 'one');
    const newer = await writes(desk, source, 'two');
    await mergeLeads(desk, admin, newer.leadId!, { into: older.leadId! });
    await closeContact(desk, admin, older.contactId!, {});

    const receipt = await writes(desk, source, 'two');

    expect(receipt.contactId).toBe(older.contactId);
    expect(await getContact(desk, admin, newer.contactId as ContactId)).toMatchObject({
      status: 'closed',
      close_reason: 'merged',
    });
  });

  test('two that come back at once go by the priority of their sources', async () => {
    await using desk = await openTestDesk(database, { clock: stoppedClock() });
    const low = await hasSource(desk, { reopenMinutes: 10 });
    const high = await hasSource(desk, { reopenMinutes: 10, priority: 9 });
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [low]: 1, [high]: 1 } });
    const { contactId: one } = await writes(desk, low, 'one');
    await closeContact(desk, admin, one!, {});
    const { contactId: two } = await writes(desk, high, 'two');
    await closeContact(desk, admin, two!, {});

    await Promise.all([writes(desk, low, 'one'), writes(desk, high, 'two')]);

    expect(await getContact(desk, admin, one!)).toMatchObject({ status: 'waiting' });
    expect(await getContact(desk, admin, two!)).toMatchObject({ status: 'assigned', operator_id: ann });
  });

  test('nothing opens again for a message that joins a contact which was opened right before it', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { reopenMinutes: 10 });
    const { contactId: old } = await writes(desk, source, 'lead');
    await closeContact(desk, admin, old!, {});

    const lead = { externalId: 'lead', name: null, phone: null, email: null, language: null };
    const opening = { actor: admin, sourceId: source, lead, text: null, idempotency: null };
    const words = { chat: null, text: 'hello', attachments: [], sentAt: null, replyTo: null, raw: null };
    const outcomes = await commitBatch(desk, [
      { kind: 'contact', opening },
      { kind: 'message', arrival: { sourceId: source, externalId: null, lead, ...words } },
    ]);

    const second = expect.objectContaining({ contactId: old! + 1 });
    expect(outcomes).toMatchObject([{ contact: { id: old! + 1 } }, { receipt: second }]);
    expect(await getContact(desk, admin, old!)).toMatchObject({ status: 'closed' });
  });

  test('a plain call opens a new contact always', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { reopenMinutes: 10 });
    const { id } = await opens(desk, source, 'lead');
    await closeContact(desk, admin, id, {});

    await opens(desk, source, 'lead');

    expect(await contactsOf(desk)).toBe(2);
  });
});
