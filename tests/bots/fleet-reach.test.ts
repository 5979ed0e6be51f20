import { expect, test } from 'vitest';
import { SourceCreate } from '../../src/contract/source.ts';
import { checkBotToken } from '../../src/bots/telegram/check-token.ts';
import { createSource } from '../../src/desk/create-source.ts';
import { startBotApi } from '../../src/demo/bot-api/start.ts';
import { admin, openTestDesk } from '../support/desk.ts';
import { hasBot, nextMessage, tokenOf } from './support/bots.ts';
import { isPolled, launch } from './support/fleet.ts';

const token = tokenOf(1);

test('the gateway starts where Telegram cannot be reached, and goes on when it can', async () => {
  await using desk = await openTestDesk('sqlite');
  const gone = await startBotApi();
  const port = Number(new URL(gone.url).port);
  const source = await hasBot(desk, gone);
  await gone[Symbol.asyncDispose]();

  await using fleet = await launch(desk, gone);
  const line = await fleet.becomes(source.id, 'unreachable');
  await using back = await startBotApi({ port });
  back.addBot({ token, username: 'shop_bot' });
  const committed = nextMessage(desk, 'hello');
  back.customer(token, { id: 42 }).writes('hello');
  await committed;

  expect(line).toMatchObject({ error: 'ECONNREFUSED' });
  expect(await fleet.health(source.id)).toMatchObject({ state: 'running', bot_username: 'shop_bot' });
});

test('a revoked token shows as unauthorized', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  await using fleet = await launch(desk, api);
  await isPolled(api, token);

  api.removeBot(token);
  await fleet.becomes(source.id, 'unauthorized');

  expect(await fleet.health(source.id)).toMatchObject({
    state: 'unauthorized',
    last_error: '401 Unauthorized',
    last_error_at: expect.any(String),
    advice: { code: 'token-refused' },
    gateway: 'here',
  });
});

test("a source's own API server is reached in allowed ranges alone", async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api, { apiRoot: `${api.url}/` });

  const guarded = await launch(desk, { url: 'http://127.0.0.1:9' });
  const refused = await guarded.becomes(source.id, 'unreachable');
  await guarded[Symbol.asyncDispose]();
  await using open = await launch(desk, { url: 'http://127.0.0.1:9' }, { allow: ['127.0.0.0/8'] });
  await open.becomes(source.id, 'running');

  expect(refused).toMatchObject({ error: 'address-not-allowed' });
});

test('a source that needs no bot runs while it is active', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await createSource(desk, admin, SourceCreate.parse({ name: 'Site', code: 'site' }));

  await using fleet = await launch(desk, api);

  expect(await fleet.health(source.id)).toEqual({
    state: 'running',
    mode: null,
    bot_username: null,
    last_update_at: null,
    last_error: null,
    last_error_at: null,
    pending_updates: null,
    advice: null,
    gateway: null,
  });
});

test('a token is checked with Telegram where Telegram can be asked', async () => {
  await using api = await startBotApi();
  api.addBot({ token, username: 'shop_bot' });
  const root = { apiRoot: api.url, allow: [] };

  const known = await checkBotToken({ token, apiRoot: null }, root);
  const unknown = checkBotToken({ token: tokenOf(2), apiRoot: null }, root);
  const nowhere = await checkBotToken({ token, apiRoot: 'http://127.0.0.1:9' }, root);

  expect(known).toMatchObject({ id: 700_000_001, username: 'shop_bot' });
  await expect(unknown).rejects.toMatchObject({
    code: 'invalid',
    details: { errors: [{ path: 'telegram.token', message: 'Telegram does not know this token' }] },
  });
  expect(nowhere).toBe('unreachable');
});
