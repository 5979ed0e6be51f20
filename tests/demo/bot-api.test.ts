import type { Update } from 'grammy/types';
import { expect, test } from 'vitest';
import { call, startWithBot, token } from './support/bot-api.ts';

const other = '700000002:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB';

test('a bot learns who it is, and an unknown token is told so', async () => {
  await using api = await startWithBot();

  const me = await call(api, 'getMe');
  const stranger = await call(api, 'getMe', {}, { token: other });
  const nonsense = await call(api, 'doMagic');

  expect(me).toMatchObject({ ok: true, result: { id: 700000001, is_bot: true, username: 'shop_bot' } });
  expect(stranger).toEqual({ ok: false, error_code: 401, description: 'Unauthorized' });
  expect(nonsense).toMatchObject({ ok: false, error_code: 404 });
});

test('updates come again until an offset confirms them, and never after', async () => {
  await using api = await startWithBot();
  const ann = api.customer(token, { id: 42, first_name: 'Ann' });
  ann.writes('one');
  ann.writes('two');

  const first = await call<Update[]>(api, 'getUpdates', { limit: 1 });
  const again = await call<Update[]>(api, 'getUpdates');
  const id = again.result[0]!.update_id;
  const rest = await call<Update[]>(api, 'getUpdates', { offset: id + 1 });
  const late = await call<Update[]>(api, 'getUpdates');

  expect(first.result.map((update) => update.message?.text)).toEqual(['one']);
  expect(again.result.map((update) => update.message?.text)).toEqual(['one', 'two']);
  expect(rest.result.map((update) => update.message?.text)).toEqual(['two']);
  expect(late.result.map((update) => update.message?.text)).toEqual(['two']);
});

test('a long poll is answered by the message it waits for', async () => {
  await using api = await startWithBot();
  const waiting = call<Update[]>(api, 'getUpdates', { timeout: 50 });
  await api.waitForCall((called) => called.method === 'getUpdates');

  api.customer(token, { id: 42, first_name: 'Ann', language_code: 'ru' }).writes('/start shop');

  const { result } = await waiting;
  expect(result).toMatchObject([
    {
      update_id: 1,
      message: {
        message_id: 1,
        from: { id: 42, is_bot: false, first_name: 'Ann', language_code: 'ru' },
        chat: { id: 42, type: 'private', first_name: 'Ann' },
        text: '/start shop',
        entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      },
    },
  ]);
});

test('a second poll of the same bot ends the first with a conflict', async () => {
  await using api = await startWithBot();
  const first = call(api, 'getUpdates', { timeout: 50 });
  await api.waitForCall((called) => called.method === 'getUpdates');

  const second = await call(api, 'getUpdates');

  expect(await first).toMatchObject({
    ok: false,
    error_code: 409,
    description: expect.stringContaining('terminated by other getUpdates request'),
  });
  expect(second).toEqual({ ok: true, result: [] });
});

test('a poll whose caller has gone confirms nothing and takes nothing', async () => {
  await using api = await startWithBot();
  const leaving = new AbortController();
  const poll = call(api, 'getUpdates', { timeout: 50 }, { signal: leaving.signal });
  await api.waitForCall((called) => called.method === 'getUpdates');

  leaving.abort();
  await expect(poll).rejects.toThrow();
  api.customer(token, { id: 42 }).writes('still here');

  expect((await call<Update[]>(api, 'getUpdates')).result).toHaveLength(1);
});

test('what a bot did not ask for is not kept for it', async () => {
  await using api = await startWithBot();
  await call(api, 'getUpdates', { allowed_updates: ['message'] });
  const ann = api.customer(token, { id: 42 });

  const { message_id } = ann.writes('helo');
  ann.edits(message_id, 'hello');

  const { result } = await call<Update[]>(api, 'getUpdates');
  expect(result).toHaveLength(1);
  expect(result[0]).toHaveProperty('message');
});

test('bots count their messages and updates each for itself', async () => {
  await using api = await startWithBot();
  api.addBot({ token: other, username: 'second_bot' });

  const one = api.customer(token, { id: 42 }).writes('to the first');
  const two = api.customer(other, { id: 42 }).writes('to the second');

  expect([one.message_id, two.message_id]).toEqual([1, 1]);
  expect(api.pendingUpdates(other)).toMatchObject([{ update_id: 1, message: { text: 'to the second' } }]);
});

test('what a bot sends is kept as the truth, as JSON and as a form', async () => {
  await using api = await startWithBot();
  const ann = api.customer(token, { id: 42 });
  const asked = ann.writes('anybody there?');
  const soon = api.waitForSent((sent) => sent.method === 'editMessageText');

  const sent = await call<{ message_id: number }>(api, 'sendMessage', {
    chat_id: 42,
    text: 'yes',
    reply_parameters: { message_id: asked.message_id },
  });
  const form = new URLSearchParams({
    chat_id: '42',
    message_id: String(sent.result.message_id),
    text: 'yes!',
  });
  await fetch(`${api.url}/bot${token}/editMessageText`, { method: 'POST', body: form });

  expect((await soon).message.text).toBe('yes!');
  expect(api.sent.map(({ method, chatId, text }) => [method, chatId, text])).toEqual([
    ['sendMessage', '42', 'yes'],
    ['editMessageText', '42', 'yes!'],
  ]);
  expect(api.sent[0]!.message.reply_to_message).toMatchObject({ text: 'anybody there?' });
});

test.each([
  [{ chat_id: 42, text: '' }, 400, 'Bad Request: message text is empty'],
  [{ chat_id: 42, text: 'x'.repeat(4097) }, 400, 'Bad Request: message is too long'],
  [{ chat_id: 43, text: 'x' }, 400, 'Bad Request: chat not found'],
  [
    { chat_id: 42, text: 'x', reply_parameters: { message_id: 99 } },
    400,
    'Bad Request: message to be replied not found',
  ],
])('a message that Telegram would not send is refused: %j', async (params, error_code, description) => {
  await using api = await startWithBot();
  api.customer(token, { id: 42 }).writes('hello');

  const answer = await call(api, 'sendMessage', params);

  expect(answer).toEqual({ ok: false, error_code, description });
  expect(api.sent).toEqual([]);
});

test('a customer who blocks the bot gets nothing until unblocking it', async () => {
  await using api = await startWithBot();
  const ann = api.customer(token, { id: 42 });
  ann.writes('hello');
  ann.blocks();

  const refused = await call(api, 'sendMessage', { chat_id: 42, text: 'x' });
  ann.unblocks();
  const sent = await call(api, 'sendMessage', { chat_id: 42, text: 'x' });

  expect(refused).toMatchObject({
    error_code: 403,
    description: 'Forbidden: bot was blocked by the user',
  });
  expect(sent.ok).toBe(true);
});

test('a file is found by its id and read by its path', async () => {
  await using api = await startWithBot();
  api.addFile(token, { id: 'F1', path: 'photos/file_1.jpg', bytes: new Uint8Array([1, 2, 3]) });

  const file = await call<{ file_path: string }>(api, 'getFile', { file_id: 'F1' });
  const read = await fetch(`${api.url}/file/bot${token}/${file.result.file_path}`);

  expect(new Uint8Array(await read.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
  expect(await call(api, 'getFile', { file_id: 'F2' })).toMatchObject({ error_code: 400 });
});

test('faults come as they were planned, one call after the other', async () => {
  await using api = await startWithBot();
  api.customer(token, { id: 42 }).writes('hello');
  const send = () => call(api, 'sendMessage', { chat_id: 42, text: 'x' });
  api.failNext('sendMessage', { status: 429, retryAfter: 7 });
  api.failNext('*', { html: true, status: 502 });
  api.failNext('sendMessage', { reset: true, times: 2 });

  expect(await send()).toEqual({
    ok: false,
    error_code: 429,
    description: 'Too Many Requests: retry after 7',
    parameters: { retry_after: 7 },
  });
  await expect(send()).rejects.toThrow(SyntaxError);
  await expect(send()).rejects.toThrow('fetch failed');
  await expect(send()).rejects.toThrow('fetch failed');
  expect(api.sent).toEqual([]);
  expect((await send()).ok).toBe(true);
});

test('an ambiguous send has arrived although its caller sees a reset', async () => {
  await using api = await startWithBot();
  api.customer(token, { id: 42 }).writes('hello');
  api.failNext('sendMessage', { afterSend: true });
  api.failNext('sendMessage', { cutJson: true });

  await expect(call(api, 'sendMessage', { chat_id: 42, text: 'one' })).rejects.toThrow('fetch failed');
  await expect(call(api, 'sendMessage', { chat_id: 42, text: 'two' })).rejects.toThrow(SyntaxError);

  expect(api.sent.map(({ text }) => text)).toEqual(['one', 'two']);
});
