import { describe, expect, test } from 'vitest';
import { announceOnce } from '../../src/desk/announce-once.ts';
import { claimDelivery } from '../../src/desk/claim-delivery.ts';
import { dueDeliveries } from '../../src/desk/due-deliveries.ts';
import { startBotApi } from '../../src/demo/bot-api/start.ts';
import { databases, openTestDesk, writes } from '../support/desk.ts';
import { hasBot, messagesOf, tokenOf } from './support/bots.ts';
import { converses, hasStatus, replies, startSending } from './support/outbox.ts';

describe.each(databases)('%s', (database) => {
  test('a reply goes to the chat it belongs to, and its message says so', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const { contactId, asked } = await converses(desk, api, await hasBot(desk, api));
    await using _ = await startSending(desk, api);

    const reply = await replies(desk, contactId, 'how can I help?');
    const message = await hasStatus(desk, reply.id, 'sent');

    expect(reply.status).toBe('queued');
    expect(message).toMatchObject({ externalId: `42:${asked + 1}`, error: null, sentAt: expect.any(Date) });
    expect(api.sent).toMatchObject([{ chatId: '42', text: 'how can I help?' }]);
  });

  test('replies keep their order in each chat while chats go side by side', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    const chats = [];
    for (const id of [1, 2, 3]) chats.push(await converses(desk, api, source, { id }));
    const texts = Array.from({ length: 15 }, (_, index) => `line ${index}`);
    const written = [];
    for (const text of texts)
      for (const { contactId } of chats) written.push(await replies(desk, contactId, text));

    await using _ = await startSending(desk, api, { width: 2 });
    await Promise.all(written.map(({ id }) => hasStatus(desk, id, 'sent')));

    for (const id of ['1', '2', '3'])
      expect(api.sent.filter(({ chatId }) => chatId === id).map(({ text }) => text)).toEqual(texts);
  });

  test('what a crash left under way is uncertain, and is not sent again', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    const { contactId } = await converses(desk, api, source);
    const first = await replies(desk, contactId, 'first');
    const second = await replies(desk, contactId, 'second');
    const [due] = await dueDeliveries(desk, [source.id], 10);
    await claimDelivery(desk, due!.id);

    await using _ = await startSending(desk, api);
    await hasStatus(desk, second.id, 'sent');

    expect(await hasStatus(desk, first.id, 'uncertain')).toMatchObject({ error: 'interrupted' });
    expect(api.sent.map(({ text }) => text)).toEqual(['second']);
  });
});

test.each([
  [{ afterSend: true }, 'ECONNRESET', 1],
  [{ cutJson: true }, 'answer-unreadable (200)', 1],
  [{ reset: true }, 'ECONNRESET', 0],
  [{ status: 500 }, '500 Internal Server Error', 0],
  [{ html: true, status: 502 }, 'answer-unreadable (502)', 0],
  [{ body: '{}', status: 200 }, 'answer-unreadable (200)', 0],
  [{ hang: true as const }, 'timeout', 0],
])('after %j nobody knows: the reply is uncertain, and the next one goes', async (fault, error, arrived) => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const { contactId } = await converses(desk, api, await hasBot(desk, api));
  api.failNext('sendMessage', fault);
  await using _ = await startSending(desk, api, { sendTimeoutMs: 100 });

  const doubtful = await replies(desk, contactId, 'doubtful');
  const next = await replies(desk, contactId, 'next');
  await hasStatus(desk, next.id, 'sent');

  expect(await hasStatus(desk, doubtful.id, 'uncertain')).toMatchObject({ error });
  expect(api.sent.filter(({ text }) => text === 'doubtful')).toHaveLength(arrived);
});

test.each([
  [{ status: 403 }, 'blocked-by-user'],
  [{ status: 403, description: 'Forbidden: user is deactivated' }, 'user-deactivated'],
  [{ status: 400, description: 'Bad Request: chat not found' }, 'chat-not-found'],
  [{ status: 400, description: 'Bad Request: message is too long' }, '400 Bad Request: message is too long'],
  [{ status: 401 }, 'bot-unauthorized'],
])('what Telegram refuses has failed, with the reason: %j', async (fault, error) => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const { contactId } = await converses(desk, api, await hasBot(desk, api));
  api.failNext('sendMessage', fault);
  await using _ = await startSending(desk, api);

  const reply = await replies(desk, contactId, 'no');

  expect(await hasStatus(desk, reply.id, 'failed')).toMatchObject({ error });
  expect(api.sent).toEqual([]);
});

test('a customer who blocked the bot gets the replies after writing again', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  const { contactId, customer } = await converses(desk, api, source);
  await using _ = await startSending(desk, api);

  customer.blocks();
  const lost = await replies(desk, contactId, 'lost');
  await hasStatus(desk, lost.id, 'failed');
  customer.unblocks();
  await writes(desk, source.id, 'tg:42', { chat: '42', text: 'I am back' });
  const found = await replies(desk, contactId, 'found');
  await hasStatus(desk, found.id, 'sent');

  expect(api.sent.map(({ text }) => text)).toEqual(['found']);
});

test('when Telegram asks to wait, the reply waits, goes once, and keeps its place', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const { contactId } = await converses(desk, api, await hasBot(desk, api));
  api.failNext('sendMessage', { status: 429, retryAfter: 0.2, times: 2 });
  await using _ = await startSending(desk, api);

  const first = await replies(desk, contactId, 'first');
  const second = await replies(desk, contactId, 'second');
  await hasStatus(desk, first.id, 'sent');
  await hasStatus(desk, second.id, 'sent');

  expect(api.sent.map(({ text }) => text)).toEqual(['first', 'second']);
  const tries = api.calls.filter(({ method }) => method === 'sendMessage').map(({ at }) => at.getTime());
  expect(tries).toHaveLength(4);
  expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(195);
});

test('a reply that could not leave this machine is sent when it can', async () => {
  await using desk = await openTestDesk('sqlite');
  const api = await startBotApi();
  const port = Number(new URL(api.url).port);
  const source = await hasBot(desk, api);
  const { contactId } = await converses(desk, api, source);
  await api[Symbol.asyncDispose]();
  await using _ = await startSending(desk, api);
  const reply = await replies(desk, contactId, 'patience');
  await hasStatus(desk, reply.id, 'queued', 'ECONNREFUSED');

  await using back = await startBotApi({ port });
  back.addBot({ token: tokenOf(1), username: 'shop_bot' });
  back.customer(tokenOf(1), { id: 42 }).writes('hello');
  await hasStatus(desk, reply.id, 'sent');

  expect(back.sent.map(({ text }) => text)).toEqual(['patience']);
});

test('an answer to a message shows which one it answers', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const { contactId, asked } = await converses(desk, api, await hasBot(desk, api));
  await using _ = await startSending(desk, api);
  const first = await replies(desk, contactId, 'first');
  await hasStatus(desk, first.id, 'sent');

  const answer = await replies(desk, contactId, 'to that', { reply_to: first.id });
  await hasStatus(desk, answer.id, 'sent');

  expect(api.sent[1]?.payload['reply_parameters']).toEqual({
    message_id: asked + 1,
    allow_sending_without_reply: true,
  });
});

test('a group that became a supergroup gets its line there', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  const { customer } = await converses(desk, api, source, { id: 77 });
  api.failNext('sendMessage', { status: 400, migrateToChatId: 77 });
  await announceOnce(desk, { sourceId: source.id, chat: '-5', topic: 'private-only', text: 'in private' });

  await using _ = await startSending(desk, api);
  const sent = await api.waitForSent(({ text }) => text === 'in private');

  expect(sent.chatId).toBe(customer.chatId);
});

test('a chat gets no more than its rate, and nobody waits for another chat', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  const [busy, calm] = [
    await converses(desk, api, source, { id: 1 }),
    await converses(desk, api, source, { id: 2 }),
  ];
  const written = [];
  for (const text of ['a', 'b', 'c', 'd']) written.push(await replies(desk, busy.contactId, text));
  written.push(await replies(desk, calm.contactId, 'mine'));

  const started = Date.now();
  const rates = { perChat: { everyMs: 300, burst: 2 }, perBot: { everyMs: 1, burst: 5 } };
  await using _ = await startSending(desk, api, { rates });
  await Promise.all(written.map(({ id }) => hasStatus(desk, id, 'sent')));

  // Two at once, the third after 300 ms, the fourth after 600.
  const last = api.sent.find(({ text }) => text === 'd')?.at.getTime() ?? 0;
  expect(last - started).toBeGreaterThanOrEqual(590);
  expect(api.sent.findIndex(({ text }) => text === 'mine')).toBeLessThan(3);
});

test('stopping waits for what is under way', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  const { contactId } = await converses(desk, api, source);
  const sender = await startSending(desk, api);
  const reply = await replies(desk, contactId, 'just in time');
  await api.waitForSent(({ text }) => text === 'just in time');

  await sender[Symbol.asyncDispose]();

  expect((await messagesOf(desk, source.id)).at(-1)).toMatchObject({ id: reply.id, status: 'sent' });
});

test('stopping waits only so long: what does not answer is uncertain', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const { contactId } = await converses(desk, api, await hasBot(desk, api));
  api.failNext('sendMessage', { hang: true });
  const sender = await startSending(desk, api, { graceMs: 50 });
  const reply = await replies(desk, contactId, 'into the void');
  await api.waitForCall(({ method }) => method === 'sendMessage');

  await sender[Symbol.asyncDispose]();

  expect(await hasStatus(desk, reply.id, 'uncertain')).toMatchObject({ error: 'aborted' });
});
