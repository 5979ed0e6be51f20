import { expect, test } from 'vitest';
import { sendToCallback } from '../../src/bots/send-callback.ts';
import { pause } from '../../src/bots/pause.ts';
import { failureOf, telegramApi } from '../../src/bots/telegram/client.ts';
import type { Channel } from '../../src/desk/channels.ts';
import type { DueDelivery } from '../../src/desk/due-deliveries.ts';
import { stoppedClock } from '../support/desk.ts';
import { startReceiver } from '../outgoing/receiver.ts';

const TOKEN = '123456:AAcanary_canary_canary_canary_canary';
const DAY_MS = 24 * 3_600_000;

/** What an api says of its failure where the server answers so. */
async function failure(description: string, call: 'getUpdates' | 'setWebhook', parameters = {}) {
  await using server = await startReceiver((response, { path, body }) =>
    response.end(
      JSON.stringify({
        ok: false,
        error_code: 500,
        description: `${description} ${path} ${body}`,
        parameters,
      }),
    ),
  );
  const apiRoot = server.url.replace('/callback', '');
  const api = telegramApi({ token: TOKEN, apiRoot: null }, { apiRoot, allow: [] }, { timeoutMs: 5_000 });
  const asked =
    call === 'getUpdates'
      ? api.getUpdates()
      : api.setWebhook('https://desk.example/telegram/shop', { secret_token: 'canary-of-the-webhook' });
  return await asked.then(() => null, failureOf);
}

test.each(['getUpdates', 'setWebhook'] as const)(
  'a server that says back what %s was asked with tells nobody our secrets',
  async (call) => {
    const said = await failure('upstream failed:', call);

    expect(said).toMatchObject({ kind: 'answered', status: 500 });
    expect(JSON.stringify(said)).toContain('upstream failed: /bot123456:***/');
    expect(JSON.stringify(said)).not.toContain('canary');
  },
);

test.each([1e15, 2 ** 40, 86_401])('a bot is not told to wait longer than a day: %s', async (wait) => {
  expect(await failure('Too Many Requests', 'getUpdates', { retry_after: wait })).toMatchObject({
    retryAfterMs: DAY_MS,
  });
});

test.each(['999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
  'a receiver that asks for %s is asked again after a day',
  async (wait) => {
    const clock = stoppedClock();
    await using receiver = await startReceiver((response) =>
      response.writeHead(503, { 'retry-after': wait }).end(),
    );
    const webhook: NonNullable<Channel['webhook']> = {
      callbackUrl: receiver.url,
      secrets: [{ secret: 'a secret', until: null }],
      auth: 'bearer',
      mapping: {},
      rateLimit: null,
    };
    const delivery = { id: 1, messageId: 1, attempt: 0, body: {} } as unknown as DueDelivery;

    const outcome = await sendToCallback(webhook, delivery, {
      allow: ['127.0.0.1'],
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      clock,
    });

    expect(outcome).toMatchObject({ kind: 'retry', at: new Date(clock.now().getTime() + DAY_MS) });
  },
);

test('a pause beyond what timers can wait is no loop', async () => {
  const stop = new AbortController();
  let isOver = false;

  const pausing = pause(1e18, stop.signal).then(() => (isOver = true));
  await pause(20, stop.signal);
  const wasOver = isOver;
  stop.abort();
  await pausing;

  expect(wasOver).toBe(false);
});
