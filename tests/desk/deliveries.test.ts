import { describe, expect, test } from 'vitest';
import { announceOnce } from '../../src/desk/announce-once.ts';
import { claimDelivery } from '../../src/desk/claim-delivery.ts';
import { dueDeliveries, nextDeliveryAt } from '../../src/desk/due-deliveries.ts';
import { recoverDeliveries } from '../../src/desk/recover-deliveries.ts';
import { settleDelivery } from '../../src/desk/settle-delivery.ts';
import { listServedSources } from '../../src/desk/sources-served.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  stoppedClock,
  type TestDesk,
  writes,
} from '../support/desk.ts';
import { eventsOf } from './administration.ts';
import { hasChat, replies } from './chats.ts';

const due = async (desk: TestDesk, perSource: number) =>
  dueDeliveries(desk, await listServedSources(desk), perSource);
const nextAt = async (desk: TestDesk) => nextDeliveryAt(desk, await listServedSources(desk));
const recover = async (desk: TestDesk) => {
  for (const id of await listServedSources(desk)) await recoverDeliveries(desk, id, null);
};
const textsOf = async (desk: TestDesk) => (await due(desk, 10)).map(({ text }) => text);

describe.each(databases)('on %s', (database) => {
  test('a reply is due with all that its bot needs to send it', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const chat = await hasChat(desk);
    await writes(desk, chat.source, 'tg:5', { chat: '5', externalId: '5:7' });
    const { items } = await listMessages(desk, admin, chat.contactId, { limit: 1 });
    const reply_to = items[0]!.id;
    const { message } = await writeMessage(desk, chat.asAnn, chat.contactId, {
      kind: 'reply',
      text: 'hello',
      reply_to,
    });

    const found = await due(desk, 10);

    expect(found).toEqual([
      {
        id: expect.any(Number),
        sourceId: expect.any(Number),
        lane: 'chat:5',
        kind: 'telegram',
        chat: '5',
        attempt: 0,
        text: 'hello',
        messageId: message.id,
        replyToExternalId: '5:7',
        body: null,
      },
    ]);
    expect(await nextAt(desk)).toEqual(clock.now());
  });

  test('of one chat only the oldest unfinished reply is due; other chats do not wait for it', async () => {
    await using desk = await openTestDesk(database);
    const [one, two] = [await hasChat(desk), await hasChat(desk, {}, '6')];
    await replies(desk, one, 'first');
    await replies(desk, one, 'second');
    await replies(desk, two, 'other');

    const before = await due(desk, 10);
    await claimDelivery(desk, before[0]!.id);
    const underWay = await textsOf(desk);
    await settleDelivery(desk, before[0]!.id, { kind: 'sent', externalId: '1:8' });

    expect(before.map(({ text }) => text)).toEqual(['first', 'other']);
    expect(underWay).toEqual(['other']);
    expect(await textsOf(desk)).toEqual(['second', 'other']);
  });

  test('a delivery is claimed once, and its message says so', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    const message = await replies(desk, chat, 'hello');
    const [first] = await due(desk, 1);

    const claims = await Promise.all([claimDelivery(desk, first!.id), claimDelivery(desk, first!.id)]);

    expect(claims.filter((isMine) => isMine)).toHaveLength(1);
    expect(await eventsOf(desk, 'message.updated')).toMatchObject([
      { contactId: chat.contactId, operatorAfter: chat.ann, data: { id: message.id, status: 'sending' } },
    ]);
  });

  test.each([
    [
      { kind: 'sent' as const, externalId: '1:8' },
      { status: 'sent', error: null, external_id: '1:8', sent_at: '2026-01-01T00:00:00.000Z' },
    ],
    [
      { kind: 'failed' as const, error: 'blocked' },
      { status: 'failed', error: 'blocked', external_id: null, sent_at: null },
    ],
    [
      { kind: 'uncertain' as const, error: 'timeout' },
      { status: 'uncertain', error: 'timeout', external_id: null, sent_at: null },
    ],
  ])('a finished delivery stamps its message and is not due again (%o)', async (outcome, expected) => {
    await using desk = await openTestDesk(database, { clock: stoppedClock() });
    const chat = await hasChat(desk);
    await replies(desk, chat, 'hello');
    const [first] = await due(desk, 1);
    await claimDelivery(desk, first!.id);

    await settleDelivery(desk, first!.id, outcome);

    const { items } = await listMessages(desk, admin, chat.contactId, { limit: 1 });
    expect(items).toMatchObject([expected]);
    expect((await eventsOf(desk, 'message.updated')).at(-1)).toMatchObject({ data: expected });
    expect(await due(desk, 1)).toEqual([]);
    expect(await nextAt(desk)).toBeNull();
  });

  test('a delivery that is to be tried again keeps its place and waits for its time', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const chat = await hasChat(desk);
    await replies(desk, chat, 'first');
    await replies(desk, chat, 'second');
    const [first] = await due(desk, 1);
    await claimDelivery(desk, first!.id);
    const at = new Date(clock.now().getTime() + 30_000);

    await settleDelivery(desk, first!.id, { kind: 'retry', at, error: 'retry after 30' });

    expect(await textsOf(desk)).toEqual([]);
    expect(await nextAt(desk)).toEqual(at);
    clock.advance(30_000);
    expect(await due(desk, 10)).toMatchObject([{ text: 'first', attempt: 1 }]);
    const { items } = await listMessages(desk, admin, chat.contactId, { limit: 5 });
    expect(items[1]).toMatchObject({ text: 'first', status: 'queued', error: 'retry after 30' });
  });

  test('after a crash a Telegram reply is uncertain and never sent again by itself', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    await replies(desk, chat, 'hello');
    await replies(desk, chat, 'more');
    const [first] = await due(desk, 1);
    await claimDelivery(desk, first!.id);

    await recover(desk);

    const { items } = await listMessages(desk, admin, chat.contactId, { limit: 2 });
    expect(items.map((message) => message.status)).toEqual(['queued', 'uncertain']);
    expect(await textsOf(desk)).toEqual(['more']);
  });

  test('an outcome that comes after all replaces uncertain, but never what is finished', async () => {
    await using desk = await openTestDesk(database);
    const chat = await hasChat(desk);
    await replies(desk, chat, 'hello');
    const [first] = await due(desk, 1);
    await claimDelivery(desk, first!.id);
    await recover(desk);

    await settleDelivery(desk, first!.id, { kind: 'sent', externalId: '1:8' });
    await settleDelivery(desk, first!.id, { kind: 'failed', error: 'too late' });

    const { items } = await listMessages(desk, admin, chat.contactId, { limit: 1 });
    expect(items).toMatchObject([{ status: 'sent', error: null, external_id: '1:8' }]);
  });

  test('after a crash a callback is posted again, with the message, its contact and its lead', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'webhook', callbackUrl: 'https://example.org/in' });
    const ann = await hasOperator(desk, { name: 'Ann', on: { [source]: 1 } });
    const { contactId } = await writes(desk, source, 'lead-1', { name: 'Zoë' });
    const message = await replies(desk, { contactId: contactId!, asAnn: actingAs(ann) }, 'hello');
    const [first] = await due(desk, 1);
    await claimDelivery(desk, first!.id);

    await recover(desk);

    expect(await due(desk, 1)).toMatchObject([
      {
        kind: 'callback',
        attempt: 1,
        body: {
          type: 'message.created',
          timestamp: message.created_at,
          data: {
            message: { id: message.id, text: 'hello', author: 'operator' },
            contact: { id: contactId, operator: { id: ann, name: 'Ann' } },
            lead: { external_id: 'lead-1', name: 'Zoë' },
          },
        },
      },
    ]);
  });

  test('a bot says a line of its own once in a chat', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram' });
    const notice = { sourceId: source, topic: 'private-only' as const, text: 'I work in private' };

    await Promise.all([
      announceOnce(desk, { ...notice, chat: '-5' }),
      announceOnce(desk, { ...notice, chat: '-5' }),
      announceOnce(desk, { ...notice, chat: '-6' }),
    ]);

    const found = await due(desk, 10);
    expect(found).toHaveLength(2);
    expect(new Set(found.map(({ chat }) => chat))).toEqual(new Set(['-5', '-6']));
    expect(found[0]).toMatchObject({ text: notice.text, messageId: null, kind: 'telegram', body: null });
    await claimDelivery(desk, found[0]!.id);
    await settleDelivery(desk, found[0]!.id, { kind: 'sent', externalId: '-5:1' });
    expect(await due(desk, 10)).toHaveLength(1);
  });
});
