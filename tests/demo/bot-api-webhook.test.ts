import type { Update } from 'grammy/types';
import { expect, test } from 'vitest';
import type { BotApi } from '../../src/demo/bot-api/start.ts';
import { call, startReceiver, startWithBot, token } from './support/bot-api.ts';

test('a webhook gets every update with its secret, in order per chat, again until it answers 2xx', async () => {
  await using api = await startWithBot({ webhookRetryMs: 5 });
  await using receiver = await startReceiver([500, 503, 200]);
  const [ann, bob] = [api.customer(token, { id: 1 }), api.customer(token, { id: 2 })];
  ann.writes('ann 1');
  ann.writes('ann 2');
  bob.writes('bob 1');

  await call(api, 'setWebhook', { url: receiver.url, secret_token: 'sesame' });
  await receiver.took(3);

  const texts = (chat: number) =>
    receiver.taken.filter(({ message }) => message?.chat.id === chat).map(({ message }) => message?.text);
  expect(texts(1)).toEqual(['ann 1', 'ann 2']);
  expect(texts(2)).toEqual(['bob 1']);
  expect(receiver.secrets).toEqual(new Set(['sesame']));
  expect(await call(api, 'getUpdates')).toMatchObject({ error_code: 409 });
});

test('a deleted webhook leaves what it could not deliver for polling', async () => {
  await using api = await startWithBot({ webhookRetryMs: 5 });
  await using receiver = await startReceiver([500], 500);
  await call(api, 'setWebhook', { url: receiver.url });
  api.customer(token, { id: 1 }).writes('hello');
  await receiver.wasAsked(2);

  const info = await call(api, 'getWebhookInfo');
  await call(api, 'deleteWebhook');

  expect(info.result).toMatchObject({
    url: receiver.url,
    pending_update_count: 1,
    last_error_message: 'Wrong response from the webhook: 500',
  });
  expect((await call<Update[]>(api, 'getUpdates')).result).toHaveLength(1);
});

test('a chat that the webhook refuses holds up no other chat, and is tried ever more rarely', async () => {
  await using api = await startWithBot({ webhookRetryMs: 20 });
  await using receiver = await startReceiver([], 200, new Set([1]));
  const [ann, bob] = [api.customer(token, { id: 1 }), api.customer(token, { id: 2 })];
  await call(api, 'setWebhook', { url: receiver.url });

  ann.writes('refused');
  ann.writes('waits behind it');
  for (const text of ['one', 'two', 'three']) bob.writes(text);
  await receiver.took(3);
  await receiver.wasAsked(3 + 4);

  expect(receiver.taken.map(({ message }) => message?.text)).toEqual(['one', 'two', 'three']);
  const tries = receiver.asked.filter(({ chat }) => chat === 1).map(({ at }) => at);
  const waits = tries.slice(1).map((at, index) => at - tries[index]!);
  for (const [index, least] of [20, 40, 80].entries()) expect(waits[index]).toBeGreaterThan(least - 2);
  const { result } = await call<{ pending_update_count: number }>(api, 'getWebhookInfo');
  expect(result.pending_update_count).toBe(2);
});

test('a webhook where nobody listens is told as such', async () => {
  await using api = await startWithBot({ webhookRetryMs: 5 });
  const gone = await startReceiver([]);
  await gone[Symbol.asyncDispose]();
  await call(api, 'setWebhook', { url: gone.url });

  api.customer(token, { id: 1 }).writes('hello');

  const told = await infoWithError(api);
  expect(told).toMatchObject({ pending_update_count: 1, last_error_message: 'Connection refused' });
  expect(told.last_error_date).toBeGreaterThan(1_700_000_000);
});

type Info = { last_error_date?: number; last_error_message?: string };

/** Asks until an error is told: nothing else says that the sender has failed. */
async function infoWithError(api: BotApi): Promise<Info> {
  for (;;) {
    const { result } = await call<Info>(api, 'getWebhookInfo');
    if (result.last_error_message !== undefined) return result;
  }
}
