import type { Update } from 'grammy/types';
import { expect, test } from 'vitest';
import { pollUpdates } from '../../src/bots/poll.ts';
import { telegramApi } from '../../src/bots/telegram/client.ts';
import { freshVitals } from '../../src/bots/vitals.ts';
import { type BotApi, startBotApi } from '../../src/demo/bot-api/start.ts';
import { Problem } from '../../src/problem.ts';
import { tokenOf } from './support/bots.ts';
import { openLogJournal } from './support/log-journal.ts';

const token = tokenOf(1);

async function startApi() {
  const api = await startBotApi();
  api.addBot({ token, username: 'shop_bot' });
  return api;
}

type Traits = {
  receive?: (update: Update) => Promise<void>;
  timeoutMs?: number;
  longPollSeconds?: number;
};

/** A poller as the fleet runs it, that notes what it took. */
function startPolling(api: BotApi, traits: Traits = {}) {
  const { timeoutMs = 5000, longPollSeconds = 30 } = traits;
  const stopped = new AbortController();
  const { log, lines } = openLogJournal();
  const vitals = freshVitals(log, null);
  const taken: string[] = [];
  const { signal } = stopped;
  const client = telegramApi(
    { token, apiRoot: null },
    { apiRoot: api.url, allow: [] },
    { timeoutMs, signal },
  );
  const running = pollUpdates({
    api: client,
    prepare: async () => void (await client.deleteWebhook()),
    async receive(update) {
      await traits.receive?.(update);
      taken.push(update.message?.text ?? '');
    },
    vitals,
    backoff: () => 1,
    longPollSeconds,
    signal,
  });
  return {
    vitals,
    taken,
    becomes: (state: string) => lines.first((line) => line.state === state),
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await running;
    },
  };
}

function waitForOffset(api: BotApi, offset: number) {
  return api.waitForCall(({ method, params }) => method === 'getUpdates' && params['offset'] === offset);
}

test('a batch is handed over in order and confirmed after all of it is committed', async () => {
  await using api = await startApi();
  const ann = api.customer(token, { id: 1 });
  for (const text of ['one', 'two', 'three']) ann.writes(text);
  const commit = Promise.withResolvers<void>();
  const started: (string | undefined)[] = [];
  const allStarted = Promise.withResolvers<void>();

  await using polling = startPolling(api, {
    async receive(update) {
      started.push(update.message?.text);
      if (started.length === 3) allStarted.resolve();
      await commit.promise;
    },
  });
  await allStarted.promise;
  const askedWhileCommitting = api.calls.filter(({ method }) => method === 'getUpdates').length;
  commit.resolve();
  await waitForOffset(api, 4);

  expect(started).toEqual(['one', 'two', 'three']);
  expect(askedWhileCommitting).toBe(1);
  expect(polling.taken).toEqual(['one', 'two', 'three']);
  expect(api.pendingUpdates(token)).toEqual([]);
  expect(polling.vitals).toMatchObject({ state: 'running', lastError: null, lastUpdateAt: expect.any(Date) });
});

test.each([new Problem('unavailable'), new Problem('overloaded'), new Error('a bug')])(
  'what was not committed is not confirmed and comes again: %s',
  async (error) => {
    await using api = await startApi();
    const ann = api.customer(token, { id: 1 });
    for (const text of ['one', 'two']) ann.writes(text);
    let failures = 3;

    await using polling = startPolling(api, {
      async receive(update) {
        if (update.message?.text === 'two' && failures-- > 0) throw error;
      },
    });
    await waitForOffset(api, 3);

    expect(polling.taken).toEqual(['one', 'one', 'one', 'one', 'two']);
    expect(polling.vitals.lastError).toBeNull();
    const offsets = api.calls
      .filter(({ method }) => method === 'getUpdates')
      .map(({ params }) => params['offset']);
    expect(offsets).toEqual([undefined, undefined, undefined, undefined, 3]);
  },
);

test('stopping ends a waiting poll at once and confirms nothing', async () => {
  await using api = await startApi();
  const polling = startPolling(api);
  await api.waitForCall(({ method }) => method === 'getUpdates');
  await polling[Symbol.asyncDispose]();
  api.customer(token, { id: 1 }).writes('after');

  await using next = startPolling(api);
  await waitForOffset(api, 2);

  expect(next.taken).toEqual(['after']);
});

test('stopping lets what is being committed come to its end', async () => {
  await using api = await startApi();
  api.customer(token, { id: 1 }).writes('last');
  const [started, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const polling = startPolling(api, {
    async receive() {
      started.resolve();
      await commit.promise;
    },
  });
  await started.promise;

  const stopping = polling[Symbol.asyncDispose]();
  commit.resolve();
  await stopping;

  expect(polling.taken).toEqual(['last']);
  expect(api.pendingUpdates(token)).toHaveLength(1);
});

test.each([
  ['conflict', { status: 409 }, '409 Conflict'],
  ['unauthorized', { status: 401 }, '401 Unauthorized'],
  ['unauthorized', { status: 404 }, '404 Not Found'],
  ['unreachable', { status: 500 }, '500 Internal Server Error'],
  ['unreachable', { html: true }, 'answer-unreadable (502)'],
  ['unreachable', { cutJson: true }, 'answer-unreadable (200)'],
  ['unreachable', { reset: true }, 'ECONNRESET'],
  ['unreachable', { hang: 1 }, 'ECONNRESET'],
])('a bot is %s after %j, and heals by itself', async (state, fault, reason) => {
  await using api = await startApi();
  api.failNext('getUpdates', { ...fault, times: 3 });

  await using polling = startPolling(api, { longPollSeconds: 0 });
  const line = await polling.becomes(state);
  api.customer(token, { id: 1 }).writes('through');
  await waitForOffset(api, 2);

  expect(line).toMatchObject({ state, error: expect.stringContaining(reason) });
  expect(polling.taken).toEqual(['through']);
  expect(polling.vitals).toMatchObject({ state: 'running', lastError: null });
});

test('a server that says nothing for a minute is given up after the timeout', async () => {
  await using api = await startApi();
  api.failNext('getUpdates', { hang: true });

  await using polling = startPolling(api, { timeoutMs: 100, longPollSeconds: 0 });
  const line = await polling.becomes('unreachable');
  api.customer(token, { id: 1 }).writes('through');
  await waitForOffset(api, 2);

  expect(line).toMatchObject({ error: 'timeout' });
  expect(polling.taken).toEqual(['through']);
});

test('Telegram is left alone for as long as it asks for', async () => {
  await using api = await startApi();
  api.customer(token, { id: 1 }).writes('later');
  api.failNext('getUpdates', { status: 429, retryAfter: 0.3 });

  await using polling = startPolling(api);
  await waitForOffset(api, 2);

  const [refused, next] = api.calls
    .filter(({ method }) => method === 'getUpdates')
    .map(({ at }) => at.getTime());
  expect(next! - refused!).toBeGreaterThanOrEqual(295);
  expect(polling.vitals.state).toBe('running');
});

test('a second poller elsewhere shows as a conflict in the first', async () => {
  await using api = await startApi();
  await using polling = startPolling(api);
  await api.waitForCall(({ method }) => method === 'getUpdates');

  await fetch(`${api.url}/bot${token}/getUpdates`);

  expect(await polling.becomes('conflict')).toMatchObject({ error: expect.stringContaining('409') });
});

test('a webhook that was left behind is taken away first', async () => {
  await using api = await startApi();
  await fetch(`${api.url}/bot${token}/setWebhook?url=http://127.0.0.1:9/`);
  api.customer(token, { id: 1 }).writes('through');

  await using polling = startPolling(api);
  await waitForOffset(api, 2);

  expect(polling.taken).toEqual(['through']);
});

test('ids that jump, up or down, lose nothing', async () => {
  await using api = await startApi();
  const update = (update_id: number, text: string) => ({
    update_id,
    message: { message_id: update_id, chat: { id: 1, type: 'private' }, date: 1, text },
  });
  api.pushUpdate(token, update(900_000_000, 'high'));
  await using polling = startPolling(api, { longPollSeconds: 0 });
  await waitForOffset(api, 900_000_001);

  api.pushUpdate(token, update(17, 'low'));
  await waitForOffset(api, 18);

  expect(polling.taken).toEqual(['high', 'low']);
});

test('more than a batch comes in batches, none left out, however large', async () => {
  await using api = await startApi();
  const ann = api.customer(token, { id: 1 });
  for (let count = 0; count < 250; count += 1) ann.writes(`${count} ${'x'.repeat(40_000)}`);

  await using polling = startPolling(api);
  await waitForOffset(api, 251);

  expect(polling.taken.map((text) => Number(text.split(' ')[0]))).toEqual(
    Array.from({ length: 250 }, (_, index) => index),
  );
});
