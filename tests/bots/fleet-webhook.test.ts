import { expect, test } from 'vitest';
import { findChannel } from '../../src/desk/channels.ts';
import { startBotApi } from '../../src/demo/bot-api/start.ts';
import { openTestDesk } from '../support/desk.ts';
import { hasBot, messagesOf, nextMessage, tokenOf } from './support/bots.ts';
import { change, launch } from './support/fleet.ts';
import { holdsNothing } from './support/holdings.ts';

const token = tokenOf(1);
const publicUrl = 'http://127.0.0.1:9/';

test('in webhook mode Telegram is told where to post, with a secret, and how it goes is looked at', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api, { mode: 'webhook', code: 'shop' });
  await using fleet = await launch(desk, api, { publicUrl, webhookCheckMs: 5 });
  await fleet.becomes(source.id, 'running');
  api.customer(token, { id: 42 }).writes('hello');
  const channel = await findChannel(desk, { id: source.id });

  const { params } = await api.waitForCall(({ method }) => method === 'setWebhook');
  await expect.poll(() => fleet.health(source.id)).toMatchObject({ pending_updates: 1 });

  expect(params).toMatchObject({
    url: 'http://127.0.0.1:9/telegram/shop',
    secret_token: channel?.telegram?.webhookSecret,
    allowed_updates: ['message', 'edited_message', 'my_chat_member'],
  });
});

test('what Telegram posts is committed, once', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api, { mode: 'webhook' });
  await using fleet = await launch(desk, api, { publicUrl });
  const channel = (await findChannel(desk, { id: source.id }))!;
  const update = {
    update_id: 1,
    message: { message_id: 1, chat: { id: 42, type: 'private' }, date: 1, text: 'hello' },
  };

  await fleet.receive(channel, update);
  await fleet.receive(channel, update);

  expect(await messagesOf(desk, source.id)).toHaveLength(1);
  expect((await fleet.health(source.id)).last_update_at).not.toBeNull();
});

test('a webhook that somebody else has set is a conflict, and one that is gone is set again', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api, { mode: 'webhook' });
  await using fleet = await launch(desk, api, { publicUrl, webhookCheckMs: 5 });
  await fleet.becomes(source.id, 'running');

  await fetch(`${api.url}/bot${token}/setWebhook?url=http://127.0.0.1:9/elsewhere`);
  await fleet.becomes(source.id, 'conflict');
  await fetch(`${api.url}/bot${token}/deleteWebhook`);

  await expect.poll(async () => (await fleet.health(source.id)).state).toBe('running');
});

test('a source goes from webhook to polling while the gateway runs', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api, { mode: 'webhook' });
  await using fleet = await launch(desk, api, { publicUrl });
  await fleet.becomes(source.id, 'running');
  const committed = nextMessage(desk, 'hello');

  api.customer(token, { id: 42 }).writes('hello');
  await change(desk, source.id, { telegram: { mode: 'polling' } });
  await committed;

  expect(await fleet.health(source.id)).toMatchObject({ state: 'running', mode: 'polling' });
});

test('without a public address it says what is missing', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api, { mode: 'webhook' });

  await using fleet = await launch(desk, api, { publicUrl: null });

  expect(await fleet.health(source.id)).toMatchObject({
    state: 'unreachable',
    last_error: 'webhook mode needs PUBLIC_URL',
  });
});

test('a webhook that Telegram cannot reach shows what waits, what Telegram says, and what to do', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  const source = await hasBot(desk, api, { mode: 'webhook' });
  await using fleet = await launch(desk, api, { publicUrl, webhookCheckMs: 5 });
  await fleet.becomes(source.id, 'running');

  api.customer(token, { id: 42 }).writes('hello');

  await expect
    .poll(() => fleet.health(source.id))
    .toMatchObject({
      state: 'running',
      pending_updates: 1,
      last_error: expect.any(String),
      advice: { code: 'webhook-fails', text: expect.stringContaining('PUBLIC_URL') },
    });
});

test('how a bot does can be asked of every gateway', async () => {
  await using desk = await openTestDesk('postgresql');
  await using api = await startBotApi();
  const source = await hasBot(desk, api);
  await using fleet = await launch(desk, api, { reportEveryMs: 5 });
  await fleet.becomes(source.id, 'running');
  await using other = await launch(desk, api, { holdings: holdsNothing() });

  await expect
    .poll(() => other.health(source.id))
    .toMatchObject({ state: 'running', gateway: 'here', bot_username: expect.stringContaining('bot') });

  await change(desk, source.id, { is_active: false });
  expect(await other.health(source.id)).toMatchObject({ state: 'stopped' });
});
