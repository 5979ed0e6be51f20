import { describe, expect, test } from 'vitest';
import type { ContactId } from '../../src/contract/ids.ts';
import { claimDelivery } from '../../src/desk/claim-delivery.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import type { Clock } from '../../src/desk/desk.ts';
import { dueDeliveries } from '../../src/desk/due-deliveries.ts';
import { takeLeases } from '../../src/desk/leases.ts';
import { mergeLeads } from '../../src/desk/merge-leads.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { receiveReach } from '../../src/desk/receive-reach.ts';
import { retryMessage } from '../../src/desk/retry-message.ts';
import { type DeliveryOutcome, settleDelivery } from '../../src/desk/settle-delivery.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import {
  actingAs,
  admin,
  databases,
  movesOf,
  openTestDesk,
  opens,
  stoppedClock,
  type TestDesk,
  writes,
} from '../support/desk.ts';
import { eventsOf } from './administration.ts';
import { type Chat, hasChat, replies, tries } from './chats.ts';

const BLOCKED: DeliveryOutcome = { kind: 'failed', error: 'blocked-by-user' };

const unreachable = async (desk: TestDesk, id: ContactId) => (await getContact(desk, admin, id)).unreachable;

async function statuses(desk: TestDesk, id: ContactId) {
  const { items } = await listMessages(desk, admin, id, { limit: 50 });
  return items.flatMap(({ text, status, error }) => (status === null ? [] : [`${text}: ${status} ${error}`]));
}

const reach = (clock: Clock, { source }: Chat, isOpen: boolean, ms = 0) => ({
  sourceId: source,
  lead: 'tg:5',
  chat: '5',
  isOpen,
  at: new Date(clock.now().getTime() + ms),
});

describe.each(databases)('on %s', (database) => {
  test.each(['blocked-by-user', 'user-deactivated', 'chat-not-found'] as const)(
    'a reply that is refused as %s makes its contact unreachable, and tells it',
    async (reason) => {
      const clock = stoppedClock();
      await using desk = await openTestDesk(database, { clock });
      const chat = await hasChat(desk);
      const before = await getContact(desk, admin, chat.contactId);
      await replies(desk, chat, 'hello');
      clock.advance(1000);

      await tries(desk, chat, { kind: 'failed', error: reason });

      const contact = await getContact(desk, admin, chat.contactId);
      const since = clock.now().toISOString();
      expect(contact).toMatchObject({ version: before.version + 1, unreachable: { reason, since } });
      expect(await eventsOf(desk, 'contact.updated')).toMatchObject([
        { contactId: chat.contactId, operatorBefore: chat.ann, operatorAfter: chat.ann, data: contact },
      ]);
      expect((await movesOf(desk, chat.contactId)).at(-1)).toBe(
        `updated ${chat.ann} → ${chat.ann} by system: ${reason}`,
      );
    },
  );

  test('another failure says nothing about the lead', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    await replies(desk, chat, 'one');
    await replies(desk, chat, 'two');

    await tries(desk, chat, { kind: 'failed', error: 'bot-unauthorized' });

    expect(await unreachable(desk, chat.contactId)).toBeNull();
    expect(await statuses(desk, chat.contactId)).toEqual([
      'two: queued null',
      'one: failed bot-unauthorized',
    ]);
  });

  test('what is queued behind a refused reply fails for the same reason; other chats go on', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    const other = await writes(desk, chat.source, 'tg:6', { chat: '6' });
    for (const text of ['one', 'two', 'three']) await replies(desk, chat, text);
    await replies(desk, { ...chat, contactId: other.contactId! }, 'mine');

    await tries(desk, chat, BLOCKED);

    const failed = (text: string) => `${text}: failed blocked-by-user`;
    expect(await statuses(desk, chat.contactId)).toEqual(['three', 'two', 'one'].map(failed));
    const due = await dueDeliveries(desk, [chat.source], 10);
    expect(due.map(({ text }) => text)).toEqual(['mine']);
    const told = await eventsOf(desk, 'message.updated');
    expect(told.map(({ data }) => (data as { status: string }).status)).toEqual([
      'sending',
      'failed',
      'failed',
      'failed',
    ]);
    expect(await eventsOf(desk, 'contact.updated')).toHaveLength(1);
  });

  test('a reply to a lead that cannot be reached is kept as failed without a try', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    await replies(desk, chat, 'one');
    await tries(desk, chat, BLOCKED);

    const reply = await replies(desk, chat, 'two');

    expect(reply).toMatchObject({ status: 'failed', error: 'blocked-by-user', sent_at: null });
    expect(await dueDeliveries(desk, [chat.source], 10)).toEqual([]);
    expect(await desk.store.em().count(Delivery)).toBe(1);
  });

  test('a message of the lead ends it, without a word of its own', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    await replies(desk, chat, 'one');
    await tries(desk, chat, BLOCKED);

    await writes(desk, chat.source, 'tg:5', { chat: '5', text: 'I am back' });

    expect(await unreachable(desk, chat.contactId)).toBeNull();
    expect(await replies(desk, chat, 'two')).toMatchObject({ status: 'queued' });
    expect(await eventsOf(desk, 'contact.updated')).toHaveLength(1);
  });

  test('a lead that wrote while the attempt was under way can be reached, and what is queued is tried', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const chat = await hasChat(desk);
    for (const text of ['one', 'two']) await replies(desk, chat, text);
    const [due] = await dueDeliveries(desk, [chat.source], 1);
    await claimDelivery(desk, due!.id);
    clock.advance(1000);
    await writes(desk, chat.source, 'tg:5', { chat: '5', text: 'I am back' });

    await settleDelivery(desk, due!.id, BLOCKED);

    expect(await unreachable(desk, chat.contactId)).toBeNull();
    expect(await statuses(desk, chat.contactId)).toEqual(['two: queued null', 'one: failed blocked-by-user']);
  });

  test('what a person tries again all the same and arrives shows that the lead can be reached', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    const lost = await replies(desk, chat, 'one');
    await tries(desk, chat, BLOCKED);

    await retryMessage(desk, actingAs(chat.ann), lost.id);
    await tries(desk, chat, BLOCKED);
    const still = await getContact(desk, admin, chat.contactId);
    await retryMessage(desk, actingAs(chat.ann), lost.id);
    await tries(desk, chat, { kind: 'sent', externalId: '5:9' });

    expect(still).toMatchObject({ unreachable: { reason: 'blocked-by-user' } });
    expect(await getContact(desk, admin, chat.contactId)).toMatchObject({
      unreachable: null,
      version: still.version + 1,
    });
    expect((await movesOf(desk, chat.contactId)).slice(-2)).toMatchObject([
      expect.stringMatching(/^updated .* by system: blocked-by-user$/),
      expect.stringMatching(/^updated .* by system: reachable$/),
    ]);
  });

  test('a lead that shuts the chat and opens it again is told once each, however often it comes', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const chat = await hasChat(desk);
    const [shut, open] = [reach(clock, chat, false, 1000), reach(clock, chat, true, 2000)];

    for (let time = 0; time < 3; time += 1) await receiveReach(desk, shut);
    const found = await unreachable(desk, chat.contactId);
    for (let time = 0; time < 3; time += 1) await receiveReach(desk, open);

    expect(found).toEqual({ reason: 'blocked-by-user', since: shut.at.toISOString() });
    expect(await unreachable(desk, chat.contactId)).toBeNull();
    const moves = (await movesOf(desk, chat.contactId)).filter((move) => move.startsWith('updated'));
    const ann = `updated ${chat.ann} → ${chat.ann} by lead`;
    expect(moves).toEqual([`${ann}: blocked-by-user`, `${ann}: reachable`]);
  });

  test('what is older than the last message of the lead changes nothing', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const chat = await hasChat(desk);
    const sentAt = new Date(clock.now().getTime() + 5000);
    await writes(desk, chat.source, 'tg:5', { chat: '5', sentAt });

    await receiveReach(desk, reach(clock, chat, false, 4000));
    const stale = await unreachable(desk, chat.contactId);
    await receiveReach(desk, reach(clock, chat, false, 5000));
    const inTheSameSecond = await unreachable(desk, chat.contactId);
    await receiveReach(desk, reach(clock, chat, true, 4000));

    expect(stale).toBeNull();
    expect(inTheSameSecond).not.toBeNull();
    expect(await unreachable(desk, chat.contactId)).toEqual(inTheSameSecond);
  });

  test('a chat is that of one bot, one lead and its open contact, else of the newest', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const [chat, elsewhere] = [await hasChat(desk), await hasChat(desk)];
    const other = await writes(desk, chat.source, 'tg:6', { chat: '6' });
    await closeContact(desk, admin, chat.contactId, {});
    const open = await writes(desk, chat.source, 'tg:5', { chat: '5' });

    await receiveReach(desk, reach(clock, chat, false));
    await closeContact(desk, admin, open.contactId!, {});
    await receiveReach(desk, reach(clock, chat, true));
    await receiveReach(desk, { ...reach(clock, chat, false), lead: 'tg:404' });
    await receiveReach(desk, { ...reach(clock, chat, false), chat: '404' });

    const found = [];
    for (const id of [chat.contactId, elsewhere.contactId, other.contactId!, open.contactId!])
      found.push(await unreachable(desk, id));
    expect(found).toEqual([null, null, null, null]);
    const told = await eventsOf(desk, 'contact.updated');
    expect(told.map(({ contactId }) => contactId)).toEqual([open.contactId, open.contactId]);
  });

  test('who has lost the bot to another gateway says nothing about its leads', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const chat = await hasChat(desk);
    await takeLeases(desk, { gateway: 'new', ttlMs: 15_000, isSole: false }, ['source:1']);
    const fence = { lease: 'source:1', epoch: 0 };

    await expect(receiveReach(desk, { ...reach(clock, chat, false), fence })).rejects.toThrow(
      'another holder',
    );

    expect(await unreachable(desk, chat.contactId)).toBeNull();
  });

  test('a lead that writes and blocks at once ends as one or the other, and the versions rise by one', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const chat = await hasChat(desk);
    const before = await getContact(desk, admin, chat.contactId);

    await Promise.all([
      ...[1, 2, 3].map((n) => writes(desk, chat.source, 'tg:5', { chat: '5', externalId: `${n}` })),
      ...[1, 2, 3].map(() => receiveReach(desk, reach(clock, chat, false))),
      replies(desk, chat, 'hello')
        .then(() => tries(desk, chat, BLOCKED))
        .catch(() => {}),
    ]);

    const versions = (await eventsOf(desk, 'contact.updated')).map(
      ({ data }) => (data as { version: number }).version,
    );
    expect(versions).not.toEqual([]);
    expect(versions.toSorted((a, b) => a - b)).toEqual(
      versions.map((_, index) => before.version + 1 + index),
    );
    expect((await getContact(desk, admin, chat.contactId)).version).toBe(before.version + versions.length);
  });

  test('a merged contact is as reachable as the chat it goes on in', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const chat = await hasChat(desk);
    await receiveReach(desk, reach(clock, chat, false));
    clock.advance(1000);
    const newer = await writes(desk, chat.source, 'tg:6', { chat: '6' });
    const { lead_id } = await getContact(desk, admin, chat.contactId);

    await mergeLeads(desk, admin, newer.leadId!, { into: lead_id });

    expect(await unreachable(desk, chat.contactId)).toBeNull();
    expect(await replies(desk, chat, 'hello')).toMatchObject({ status: 'queued' });
    expect(await dueDeliveries(desk, [chat.source], 10)).toMatchObject([{ chat: '6' }]);
  });

  test('a contact that was opened by hand goes to the chat of its lead, and learns that it is shut', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    const byHand = await opens(desk, chat.source, 'tg:5');
    await replies(desk, chat, 'one');
    await replies(desk, { ...chat, contactId: byHand.id }, 'two');

    await tries(desk, chat, BLOCKED);

    expect(await unreachable(desk, chat.contactId)).toMatchObject({ reason: 'blocked-by-user' });
    expect(await unreachable(desk, byHand.id)).toMatchObject({ reason: 'blocked-by-user' });
    expect(await statuses(desk, byHand.id)).toEqual(['two: failed blocked-by-user']);
  });
});
