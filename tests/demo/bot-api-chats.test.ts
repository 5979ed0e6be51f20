import type { Message, Update } from 'grammy/types';
import { expect, test } from 'vitest';
import { call, startWithBot, token } from './support/bot-api.ts';

test('a bot that asked for it learns that a customer blocked it, and that it is welcome again', async () => {
  await using api = await startWithBot();
  await call(api, 'getUpdates', { allowed_updates: ['message', 'my_chat_member'] });
  const ann = api.customer(token, { id: 42, first_name: 'Ann', language_code: 'ru' });

  ann.blocks();
  ann.unblocks();

  const { result } = await call<Update[]>(api, 'getUpdates');
  const told = result.map(({ my_chat_member: change }) => [
    change?.chat.id,
    change?.from.language_code,
    change?.old_chat_member.status,
    change?.new_chat_member.status,
  ]);
  expect(told).toEqual([
    [42, 'ru', 'member', 'kicked'],
    [42, 'ru', 'kicked', 'member'],
  ]);
});

test('a bot that did not ask hears nothing of being blocked', async () => {
  await using api = await startWithBot();
  await call(api, 'getUpdates', { allowed_updates: ['message'] });

  api.customer(token, { id: 42 }).blocks();

  expect(api.pendingUpdates(token)).toEqual([]);
});

test('a group that became a supergroup refuses its old id and names the new one, which works', async () => {
  await using api = await startWithBot();
  const group = api.group(token, { id: -100, title: 'Neighbours' });
  group.writes({ id: 42 }, 'hello all');

  const before = await call(api, 'sendMessage', { chat_id: -100, text: 'hello' });
  group.migrates(-1_000_000_000_100);
  const refused = await call(api, 'sendMessage', { chat_id: -100, text: 'again' });
  const after = await call(api, 'sendMessage', { chat_id: group.chatId, text: 'again' });

  expect(before.ok).toBe(true);
  expect(refused).toEqual({
    ok: false,
    error_code: 400,
    description: 'Bad Request: group chat was upgraded to a supergroup chat',
    parameters: { migrate_to_chat_id: -1_000_000_000_100 },
  });
  expect(after).toMatchObject({ result: { chat: { id: -1_000_000_000_100, type: 'supergroup' } } });
  const { result } = await call<Update[]>(api, 'getUpdates');
  expect(result.map(({ message }) => message?.migrate_to_chat_id ?? message?.migrate_from_chat_id)).toEqual([
    undefined,
    -1_000_000_000_100,
    -100,
  ]);
});

test('a chat can be looked up, and one that the bot knows from before can be written to', async () => {
  await using api = await startWithBot();
  const ann = api.customer(token, { id: 42, first_name: 'Ann', username: 'ann' });
  const unknown = await call(api, 'getChat', { chat_id: 42 });

  ann.wroteBefore();

  expect(unknown).toMatchObject({ error_code: 400, description: 'Bad Request: chat not found' });
  expect(await call(api, 'getChat', { chat_id: 42 })).toMatchObject({
    result: { id: 42, type: 'private', first_name: 'Ann', username: 'ann' },
  });
  expect(await call(api, 'sendMessage', { chat_id: 42, text: 'hello again' })).toMatchObject({ ok: true });
  expect(api.pendingUpdates(token)).toEqual([]);
});

test('a message can be deleted once, and a deleted one cannot be edited', async () => {
  await using api = await startWithBot();
  api.customer(token, { id: 42 }).writes('hello');
  const { result } = await call<Message>(api, 'sendMessage', { chat_id: 42, text: 'oops' });
  const which = { chat_id: 42, message_id: result.message_id };

  const deleted = await call(api, 'deleteMessage', which);
  const again = await call(api, 'deleteMessage', which);
  const edited = await call(api, 'editMessageText', { ...which, text: 'fixed' });

  expect(deleted).toEqual({ ok: true, result: true });
  expect(again).toMatchObject({ description: 'Bad Request: message to delete not found' });
  expect(edited).toMatchObject({ description: 'Bad Request: message to edit not found' });
  expect(api.sent.map(({ method }) => method)).toEqual(['sendMessage', 'deleteMessage']);
});

test('a pressed button comes as a query that can be answered once', async () => {
  await using api = await startWithBot();
  const ann = api.customer(token, { id: 42 });
  ann.writes('hello');
  const keyboard = { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] };
  await call(api, 'sendMessage', { chat_id: 42, text: 'Sure?', reply_markup: keyboard });
  const asked = api.sent[0]!.message;

  ann.presses(asked, 'yes');

  const { result } = await call<Update[]>(api, 'getUpdates', { offset: 2 });
  const query = result[0]!.callback_query!;
  expect(query).toMatchObject({ data: 'yes', message: { reply_markup: keyboard } });
  const answer = () => call(api, 'answerCallbackQuery', { callback_query_id: query.id });
  expect(await answer()).toEqual({ ok: true, result: true });
  expect(await answer()).toMatchObject({ ok: false, error_code: 400 });
});

test('the bot shows that it types, and only in words that Telegram knows', async () => {
  await using api = await startWithBot();
  api.customer(token, { id: 42 }).writes('hello');

  const typing = await call(api, 'sendChatAction', { chat_id: 42, action: 'typing' });
  const dancing = await call(api, 'sendChatAction', { chat_id: 42, action: 'dancing' });

  expect(typing.ok).toBe(true);
  expect(dancing).toMatchObject({ error_code: 400 });
});

test('ids of a bot that was there before go on where they stopped', async () => {
  await using api = await startWithBot();
  const second = `700000009:${'C'.repeat(35)}`;
  api.addBot({ token: second, username: 'old_bot', firstId: 1001 });

  const { message_id } = api.customer(second, { id: 42 }).writes('hello');

  expect(message_id).toBe(1001);
  expect(api.pendingUpdates(second)).toMatchObject([{ update_id: 1001 }]);
});

test('a person can read what bots sent, without their tokens', async () => {
  await using api = await startWithBot();
  api.customer(token, { id: 42 }).writes('hello');
  await call(api, 'sendMessage', { chat_id: 42, text: 'yes?' });

  const text = await (await fetch(`${api.url}/sent`)).text();

  expect(JSON.parse(text)).toMatchObject({ items: [{ bot: 'shop_bot', chat_id: '42', text: 'yes?' }] });
  expect(text).not.toContain(token);
});
