import { describe, expect, test } from 'vitest';
import { getContact } from '../../src/desk/contacts.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { retryMessage } from '../../src/desk/retry-message.ts';
import { announceOnce } from '../../src/desk/announce-once.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { DeadLetter } from '../../src/store/entities/dead-letter.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { type BotApi, startBotApi } from '../../src/demo/bot-api/start.ts';
import { actingAs, admin, databases, hasOperator, openTestDesk } from '../support/desk.ts';
import { hasBot, messagesOf, nextEvent, nextMessage, tokenOf } from './support/bots.ts';
import { change, launch } from './support/fleet.ts';
import { converses, hasStatus, replies, startSending } from './support/outbox.ts';

const token = tokenOf(1);

const nextReach = (desk: Desk) => nextEvent(desk, ({ type }) => type === 'contact.updated');
const sendingsOf = (api: BotApi) => api.calls.filter(({ method }) => method === 'sendMessage');

describe.each(databases)('%s', (database) => {
  test('a new customer is greeted in its chat and its language, once', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    await change(desk, source.id, { greeting: 'Welcome!', greetings: { ru: 'Здравствуйте!' } });
    await using _ = await launch(desk, api);
    await using __ = await startSending(desk, api);
    const ann = api.customer(token, { id: 42, language_code: 'ru' });

    ann.writes('/start promo-7');
    const greeted = await api.waitForSent(({ chatId }) => chatId === '42');
    const again = nextMessage(desk, 'anybody there?');
    ann.writes('anybody there?');
    await again;
    const [first, greeting] = await messagesOf(desk, source.id);
    await hasStatus(desk, greeting!.id, 'sent');

    expect(greeted.text).toBe('Здравствуйте!');
    expect(first).toMatchObject({ author: 'lead', text: '/start promo-7' });
    expect(greeting).toMatchObject({ author: 'bot', text: 'Здравствуйте!' });
    expect(api.sent).toHaveLength(1);
  });

  test('a customer who blocks the bot is left alone until the chat is open again', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    await hasOperator(desk, { on: { [source.id]: 1 } });
    await using _ = await launch(desk, api);
    await using __ = await startSending(desk, api);
    const customer = api.customer(token, { id: 42 });
    const hello = nextMessage(desk, 'hello');
    customer.writes('hello');
    const contactId = (await hello).contactId!;

    const blocked = nextReach(desk);
    customer.blocks();
    const shut = await blocked;
    const lost = await replies(desk, contactId, 'lost');
    const opened = nextReach(desk);
    customer.unblocks();
    const open = await opened;
    const found = await replies(desk, contactId, 'found');
    await hasStatus(desk, found.id, 'sent');

    expect(shut.data).toMatchObject({ id: contactId, unreachable: { reason: 'blocked-by-user' } });
    expect(open.data).toMatchObject({ id: contactId, unreachable: null });
    expect(lost).toMatchObject({ status: 'failed', error: 'blocked-by-user' });
    expect(sendingsOf(api).map(({ params }) => params['text'])).toEqual(['found']);
    expect(await desk.store.em().count(DeadLetter)).toBe(0);
  });

  test('of what is queued for a customer who has blocked the bot one reply is tried', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    const { contactId, customer } = await converses(desk, api, source);
    const texts = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const written = [];
    for (const text of texts) written.push(await replies(desk, contactId, text));
    customer.blocks();

    await using _ = await startSending(desk, api);
    await Promise.all(written.map(({ id }) => hasStatus(desk, id, 'failed', 'blocked-by-user')));

    expect(sendingsOf(api)).toHaveLength(1);
    expect(await getContact(desk, admin, contactId)).toMatchObject({
      unreachable: { reason: 'blocked-by-user' },
    });
  });
});

test('a message and the block right behind it keep their order, in one batch', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  const customer = api.customer(token, { id: 42 });
  customer.writes('hello, and goodbye');
  // The bot asks for changes of its standing with its first poll: until then the stand-in keeps none.
  const { from, chat } = customer.writes('really');
  const date = Math.floor(Date.now() / 1000);
  const standing = {
    chat,
    from,
    date,
    old_chat_member: { status: 'member' },
    new_chat_member: { status: 'kicked' },
  };
  api.pushUpdate(token, { my_chat_member: standing });
  const blocked = nextReach(desk);

  await using _ = await launch(desk, api);

  expect((await blocked).data).toMatchObject({ unreachable: { reason: 'blocked-by-user' } });
  expect(await messagesOf(desk, source.id)).toHaveLength(2);
});

test('a bot that is put into a group keeps no letter of it', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  await hasBot(desk, api);
  const { from } = api.customer(token, { id: 42 }).writes('hello');
  const committed = nextMessage(desk, 'and then');
  const chat = { id: -5, type: 'group', title: 'Us' };
  api.pushUpdate(token, {
    my_chat_member: {
      chat,
      from,
      date: 1,
      old_chat_member: { status: 'left' },
      new_chat_member: { status: 'member' },
    },
  });
  api.customer(token, { id: 42 }).writes('and then');

  await using _ = await launch(desk, api);
  await committed;

  expect(await desk.store.em().count(DeadLetter)).toBe(0);
});

test('a person has a reply tried again though the customer has blocked the bot', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  const { contactId, customer, operatorId } = await converses(desk, api, source);
  await using _ = await startSending(desk, api);
  customer.blocks();
  const reply = await replies(desk, contactId, 'please');
  await hasStatus(desk, reply.id, 'failed');
  customer.unblocks();

  await retryMessage(desk, actingAs(operatorId), reply.id);
  await hasStatus(desk, reply.id, 'sent');

  expect(api.sent.map(({ text }) => text)).toEqual(['please']);
  expect((await getContact(desk, admin, contactId)).unreachable).toBeNull();
});

test('a chat that moved is written to under its new id from then on, also when the first try there fails', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  const { contactId } = await converses(desk, api, source, { id: 5 });
  await converses(desk, api, source, { id: 77 });
  api.failNext('sendMessage', { status: 400, migrateToChatId: 77 });
  api.failNext('sendMessage', { status: 429, retryAfter: 0.05 });

  await using _ = await startSending(desk, api);
  const [one, two] = [await replies(desk, contactId, 'one'), await replies(desk, contactId, 'two')];
  for (const { id } of [one, two]) await hasStatus(desk, id, 'sent');

  expect(sendingsOf(api).map(({ params }) => [params['text'], String(params['chat_id'])])).toEqual([
    ['one', '5'],
    ['one', '77'],
    ['one', '77'],
    ['two', '77'],
  ]);
  expect(await desk.store.em().findOne(Contact, { id: contactId })).toMatchObject({ chat: '77' });
});

test('a line of the bot that moved with its group is not said there again', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  await converses(desk, api, source, { id: 77 });
  const notice = { sourceId: source.id, topic: 'private-only' as const, text: 'in private' };
  api.failNext('sendMessage', { status: 400, migrateToChatId: 77 });
  await announceOnce(desk, { ...notice, chat: '-5' });
  await using _ = await startSending(desk, api);
  await api.waitForSent(({ text }) => text === 'in private');
  await expect.poll(() => desk.store.em().count(Delivery, { status: 'sent' })).toBe(1);

  await announceOnce(desk, { ...notice, chat: '77' });

  expect(await desk.store.em().count(Delivery)).toBe(1);
});
