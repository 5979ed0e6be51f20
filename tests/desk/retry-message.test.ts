import { describe, expect, test } from 'vitest';
import type { ContactId, MessageId } from '../../src/contract/ids.ts';
import type { Message as MessageWire } from '../../src/contract/message.ts';
import type { Actor } from '../../src/desk/actor.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { claimDelivery } from '../../src/desk/claim-delivery.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { dueDeliveries } from '../../src/desk/due-deliveries.ts';
import { mergeLeads } from '../../src/desk/merge-leads.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { retryMessage } from '../../src/desk/retry-message.ts';
import { type DeliveryOutcome, settleDelivery } from '../../src/desk/settle-delivery.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { Message } from '../../src/store/entities/message.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  openTestDesk,
  supervisor,
  type TestDesk,
  writes,
} from '../support/desk.ts';
import { somebodyWaits } from '../store/ground.ts';
import { eventsOf } from './administration.ts';
import { hasChat, replies, tries } from './chats.ts';

const FAILED: DeliveryOutcome = { kind: 'failed', error: 'too long' };
const UNCERTAIN: DeliveryOutcome = { kind: 'uncertain', error: 'timeout' };

const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

async function newest(desk: TestDesk, id: ContactId): Promise<MessageWire> {
  return (await listMessages(desk, admin, id, { limit: 1 })).items[0]!;
}

describe.each(databases)('on %s', (database) => {
  test.each([FAILED, UNCERTAIN])(
    'a reply that ended as %o is queued again, behind what waits',
    async (outcome) => {
      await using desk = await openTestDesk(database);
      const chat = await hasChat(desk);
      const lost = await replies(desk, chat, 'lost');
      await tries(desk, chat, outcome);
      await replies(desk, chat, 'next');

      const again = await retryMessage(desk, chat.asAnn, lost.id);

      expect(again).toEqual({ ...lost, status: 'queued', error: null });
      const told = (await eventsOf(desk, 'message.updated')).at(-1);
      expect(told).toMatchObject({ actor: `operator:${chat.ann}`, contactId: chat.contactId, data: again });
      await tries(desk, chat, { kind: 'sent', externalId: '5:8' });
      const due = await dueDeliveries(desk, [chat.source], 10);
      expect(due).toMatchObject([{ text: 'lost', messageId: lost.id, attempt: 0, lane: 'chat:5' }]);
      await tries(desk, chat, { kind: 'sent', externalId: '5:9' });
      expect((await listMessages(desk, admin, chat.contactId, { limit: 5 })).items).toMatchObject([
        { text: 'next', status: 'sent' },
        { text: 'lost', status: 'sent', external_id: '5:9', error: null },
        { author: 'lead' },
      ]);
    },
  );

  test('nothing but what has failed or is uncertain is tried again', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    const codes: string[] = [];
    const retry = async (id: MessageId) => codes.push(await codeOf(retryMessage(desk, chat.asAnn, id)));
    const { id: asked } = await newest(desk, chat.contactId);
    const reply = await replies(desk, chat, 'hello');
    const note = await writeMessage(desk, chat.asAnn, chat.contactId, { kind: 'note', text: 'hm' });

    await retry(asked);
    await retry(note.message.id);
    await retry(reply.id);
    const [due] = await dueDeliveries(desk, [chat.source], 1);
    await claimDelivery(desk, due!.id);
    await retry(reply.id);
    await settleDelivery(desk, due!.id, { kind: 'sent', externalId: '5:8' });
    await retry(reply.id);

    expect(codes).toEqual(Array.from({ length: 5 }, () => 'not-retryable'));
    expect(await desk.store.em().count(Delivery)).toBe(1);
  });

  test('of several who try again at once one does', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    const lost = await replies(desk, chat, 'lost');
    await tries(desk, chat, UNCERTAIN);

    const codes = await Promise.all(
      Array.from({ length: 5 }, () => codeOf(retryMessage(desk, chat.asAnn, lost.id))),
    );

    expect(codes.toSorted()).toEqual(['done', ...Array.from({ length: 4 }, () => 'not-retryable')]);
    expect(await desk.store.em().count(Delivery, { status: 'queued' })).toBe(1);
  });

  test('an outcome of the attempt before that is told late does not touch the new one', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    const lost = await replies(desk, chat, 'lost');
    const before = await tries(desk, chat, UNCERTAIN);
    await retryMessage(desk, chat.asAnn, lost.id);

    await settleDelivery(desk, before, FAILED);

    expect(await newest(desk, chat.contactId)).toMatchObject({ status: 'queued', error: null });
    await tries(desk, chat, { kind: 'sent', externalId: '5:9' });
    await settleDelivery(desk, before, { kind: 'sent', externalId: '5:8' });
    expect(await newest(desk, chat.contactId)).toMatchObject({ status: 'sent', external_id: '5:9' });
  });

  test('a late outcome and a new try that come at once leave one truth', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    for (let round = 0; round < 5; round += 1) {
      const lost = await replies(desk, chat, `lost ${round}`);
      const before = await tries(desk, chat, UNCERTAIN);

      const [, code] = await Promise.all([
        settleDelivery(desk, before, { kind: 'sent', externalId: `5:${round + 10}` }),
        codeOf(retryMessage(desk, chat.asAnn, lost.id)),
      ]);

      const queued = await desk.store.em().count(Delivery, { message: lost.id, status: 'queued' });
      const { status } = await newest(desk, chat.contactId);
      expect([code, status, queued]).toEqual(
        code === 'done' ? ['done', 'queued', 1] : ['not-retryable', 'sent', 0],
      );
      if (queued > 0) await tries(desk, chat, { kind: 'sent', externalId: `5:${round + 20}` });
    }
  });

  test('who may reply may try again, and nobody else', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    const bob = await hasOperator(desk, { on: { [chat.source]: 1 } });
    const sue = await hasOperator(desk, { role: 'supervisor' });
    const lost = await replies(desk, chat, 'lost');
    await tries(desk, chat, FAILED);
    const ingest: Actor = { ...admin, scope: 'ingest' };
    const code = (actor: Actor, id = lost.id) => codeOf(retryMessage(desk, actor, id));

    const codes = [
      await code(actingAs(bob)),
      await code(actingAs(sue, 'supervisor')),
      await code(supervisor),
      await code(admin),
      await code(ingest),
      await code(chat.asAnn, 404 as MessageId),
    ];
    await assignContact(desk, admin, chat.contactId, { operator_id: bob });
    codes.push(await code(chat.asAnn));
    await closeContact(desk, admin, chat.contactId, {});
    codes.push(await code(actingAs(bob)));

    expect(codes).toEqual([
      'not-found',
      'not-yours',
      'no-operator',
      'no-operator',
      'forbidden',
      'not-found',
      'not-found',
      'closed',
    ]);
    expect(await desk.store.em().count(Delivery)).toBe(1);
  });

  test('who has the contact tries a greeting again', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk, { greeting: 'Welcome!' });
    await tries(desk, chat, UNCERTAIN);
    const greeting = await newest(desk, chat.contactId);

    const again = await retryMessage(desk, chat.asAnn, greeting.id);

    expect(again).toMatchObject({ author: 'bot', text: 'Welcome!', status: 'queued', operator_id: null });
    expect(await dueDeliveries(desk, [chat.source], 10)).toMatchObject([{ text: 'Welcome!' }]);
  });

  test('where there is still no way out it fails again, until there is one', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk, { kind: 'webhook' });
    const lost = await replies(desk, chat, 'lost');

    const again = await retryMessage(desk, chat.asAnn, lost.id);
    await updateSource(desk, admin, String(chat.source), {
      webhook: { callback_url: 'https://example.org/' },
    });
    const then = await retryMessage(desk, chat.asAnn, lost.id);

    expect(again).toEqual(lost);
    expect(then).toMatchObject({ id: lost.id, status: 'queued', error: null });
    expect(await dueDeliveries(desk, [chat.source], 10)).toMatchObject([
      { kind: 'callback', lane: `lead:${chat.leadId}`, messageId: lost.id },
    ]);
  });

  test('a message that a merge has moved is tried again by who has it now', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    const newer = await writes(desk, chat.source, 'tg:6', { chat: '6' });
    const lost = await replies(desk, { ...chat, contactId: newer.contactId! }, 'lost');
    await tries(desk, chat, FAILED);

    const [, code] = await Promise.all([
      mergeLeads(desk, admin, newer.leadId!, { into: chat.leadId }),
      codeOf(retryMessage(desk, chat.asAnn, lost.id)),
    ]);
    const then = await codeOf(retryMessage(desk, chat.asAnn, lost.id));

    // Whichever came first, the merge or the first try: it is queued once.
    expect(then).toBe(code === 'done' ? 'not-retryable' : 'done');
    const row = await desk.store.em().findOneOrFail(Message, { id: lost.id });
    expect([row.contact.id, row.status]).toEqual([chat.contactId, 'queued']);
    expect(await dueDeliveries(desk, [chat.source], 10)).toMatchObject([
      { text: 'lost', messageId: lost.id, attempt: 0, chat: '6' },
    ]);
  });
});

// SQLite has one writer at a time: nothing comes between a look and what is made of it.
test('an outcome does not count whose message is taken back while it is noted', async () => {
  await using desk = await openTestDesk('postgresql');
  const chat = await hasChat(desk);
  const lost = await replies(desk, chat, 'lost');
  const before = await tries(desk, chat, UNCERTAIN);
  let late = Promise.resolve();

  await desk.store.write(async (tx) => {
    await tx.em.nativeUpdate(Delivery, { id: before }, { status: 'failed' });
    late = settleDelivery(desk, before, { kind: 'sent', externalId: '5:9' });
    await somebodyWaits(desk);
    await tx.em.nativeUpdate(Message, { id: lost.id }, { status: 'queued' });
  });
  await late;

  expect(await newest(desk, chat.contactId)).toMatchObject({ status: 'queued', external_id: null });
});
