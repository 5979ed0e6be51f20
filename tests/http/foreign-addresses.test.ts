import { describe, expect, test } from 'vitest';
import type { HookAccepted } from '../../src/contract/hook.ts';
import type { Message } from '../../src/contract/message.ts';
import { privateHosts } from '../outgoing/private-addresses.ts';
import { resolveNames } from '../outgoing/names.ts';
import { startReceiver } from '../outgoing/receiver.ts';
import { type Database, databases } from '../support/desk.ts';
import { type Client, holderOf, madeOperator, madeSource, startTestApp } from '../support/http.ts';

const TOKEN = '123456:AAbbccddeeffgghhiijjkkllmmnnooppqqr';

type Refusal = { errors?: { path: string; message: string }[] };

/** Which of the hosts may be set after all, or are refused without the reason; `wish` says how a host is set. */
async function acceptedOf(client: Client, path: string, wish: (url: string) => [string, string, object]) {
  const accepted: string[] = [];
  for (const host of [...privateHosts, 'user:secret@example.org', '[fe80::1%25eth0]']) {
    const [method, at, body] = wish(`http://${host}/`);
    const { status, json } = await client<Refusal>(method, at, { body });
    const [fault] = json.errors ?? [];
    const isTold = fault?.path === path && /CALLBACK_ALLOW|must not hold|[Ii]nvalid URL/.test(fault.message);
    if (status !== 422 || !isTold) accepted.push(`${host}: ${status} ${JSON.stringify(fault)}`);
  }
  return accepted;
}

test('an admin who sets a private address is told why it is refused, however it is written', async () => {
  await using app = await startTestApp('sqlite');
  const hook = await madeSource(app, { kind: 'webhook' });
  const bot = await madeSource(app, { kind: 'telegram', telegram: { token: TOKEN } });
  const name = { name: 'New', code: 'new' };

  const callbacks = [
    ...(await acceptedOf(app.admin, 'webhook.callback_url', (callback_url) => [
      'POST',
      '/sources',
      { ...name, kind: 'webhook', webhook: { callback_url } },
    ])),
    ...(await acceptedOf(app.admin, 'webhook.callback_url', (callback_url) => [
      'PATCH',
      `/sources/${hook.id}`,
      { webhook: { callback_url } },
    ])),
  ];
  const roots = [
    ...(await acceptedOf(app.admin, 'telegram.api_root', (api_root) => [
      'POST',
      '/sources',
      { ...name, kind: 'telegram', telegram: { token: TOKEN, api_root } },
    ])),
    ...(await acceptedOf(app.admin, 'telegram.api_root', (api_root) => [
      'PATCH',
      `/sources/${bot.id}`,
      { telegram: { api_root } },
    ])),
  ];

  expect([callbacks, roots]).toEqual([[], []]);
});

async function setStage(database: Database) {
  await using opening = new AsyncDisposableStack();
  const receiver = opening.use(await startReceiver((response) => response.end('{"ok":true,"result":[]}')));
  const app = opening.use(await startTestApp(database));
  const operator = await madeOperator(app);
  const asOperator = await holderOf(app, { operator_id: operator.id });
  const opened = opening.move();
  return { receiver, app, operator, asOperator, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

describe.each(databases)('on %s', (database) => {
  test('a callback whose name turns private is not posted; the admin sees why, the sender of the hook does not', async () => {
    await using stage = await setStage(database);
    const { app, receiver, operator, asOperator } = stage;
    using _ = resolveNames({ 'crm.example': [['127.0.0.1']] });
    const webhook = { callback_url: `http://crm.example:${receiver.port}/` };
    const source = await madeSource(app, { kind: 'webhook', webhook }, { [operator.id]: 1 });
    const sends = (id: string) =>
      app.as(source.webhook!.secret)<HookAccepted>('POST', `//hooks/${source.code}`, {
        body: { external_id: 'ann', text: 'hello', id },
      });

    const first = await sends('1');
    const messages = `/contacts/${first.json.contact_id}/messages`;
    const { json: reply } = await asOperator<Message>('POST', messages, { body: { text: 'answer' } });
    const errorOf = async () => {
      const { json } = await app.admin<{ items: Message[] }>('GET', messages);
      return json.items.find(({ id }) => id === reply.id)?.error;
    };
    await expect.poll(errorOf, { timeout: 5000 }).toBe('address-not-allowed');
    const second = await sends('2');

    expect(Object.keys(second.json).toSorted()).toEqual(['contact_id', 'duplicate', 'lead_id', 'message_id']);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(receiver.received).toEqual([]);
  });

  test("a bot whose own server's name turns private is not polled there, and its health says why", async () => {
    await using stage = await setStage(database);
    const { app, receiver, asOperator } = stage;
    using names = resolveNames({ 'bots.example': [['127.0.0.1']] });
    const telegram = { token: TOKEN, api_root: `http://bots.example:${receiver.port}` };

    const bot = await madeSource(app, { kind: 'telegram', telegram });
    const health = async () =>
      (await app.admin<{ state: string; last_error: string }>('GET', `/sources/${bot.id}/health`)).json;
    await expect
      .poll(health, { timeout: 5000 })
      .toMatchObject({ state: 'unreachable', last_error: 'address-not-allowed' });

    expect((await asOperator('GET', `/sources/${bot.id}/health`)).status).toBe(403);
    // Once to see whose token it is, then by the bot itself.
    expect(names.asked.length).toBeGreaterThanOrEqual(2);
    expect(receiver.received).toEqual([]);
  });
});
