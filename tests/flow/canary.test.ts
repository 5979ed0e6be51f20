import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/contract/message.ts';
import { type BotApi, startBotApi } from '../../src/demo/bot-api/start.ts';
import { openSeal } from '../../src/store/seal.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { type Database, databases, freshDatabase } from '../support/desk.ts';
import { SECRET_KEY } from '../support/gateway.ts';
import { type Canaries, everythingKept, formsOf, leaksIn, type Place } from './support/leaks.ts';
import { openWatched, startWatched } from './support/watched-gateway.ts';

const canary = (length: number): string => randomBytes(length).toString('base64url').slice(0, length);
const tokenOf = (bot: number): string => `${bot}:AA${canary(33)}`;

/** A server that breaks off, or says the address back that it was asked for: in words, status and headers. */
async function startGossip() {
  const server = createServer((request, response) => {
    request.resume();
    if (request.url?.includes('/getMe') === true) return void response.socket?.resetAndDestroy();
    const description = `Bad Request: cannot serve http://gossip${request.url}`;
    response.writeHead(400, { 'x-address': request.url, 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: false, error_code: 400, description }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Asked = { body?: unknown; raw?: string; headers?: Record<string, string> };
type Answer = { status: number; headers: Headers; text: string; json: Record<string, unknown> };

/** Calls the gateway; what it refuses is kept, and so is all that is only read. */
function openCaller(url: string) {
  const answers: Place[] = [];
  async function call(method: string, path: string, { body, raw, headers }: Asked = {}): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? raw : JSON.stringify(body),
    });
    const text = await response.text();
    const head = JSON.stringify([...response.headers]);
    if (method === 'GET' || response.status >= 400)
      answers.push({ where: `${response.status} ${method} ${path}`, text: head + text });
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  }
  return { call, answers };
}

type Caller = ReturnType<typeof openCaller>;

/** Every GET of the document, for everything that there is, as an admin who has signed in. */
async function readEverything({ call }: Caller, cookie: string): Promise<string[]> {
  const { json } = await call('GET', '/openapi.json');
  const paths = Object.entries(json['paths'] as Record<string, object>)
    .filter(([, methods]) => 'get' in methods)
    .map(([path]) => path);
  const idsOf = async (list: string) => {
    const answer = await call('GET', `/api/v1/${list}`, { headers: { cookie } });
    return (answer.json['items'] as { id: number }[]).map(({ id }) => id);
  };
  const failed: string[] = [];
  for (const path of paths) {
    const list = /^\/api\/v1\/(\w+)\/\{\w+\}/.exec(path)?.[1];
    const places =
      list === undefined ? [path] : (await idsOf(list)).map((id) => path.replace(/\{\w+\}/, String(id)));
    expect(places, path).not.toEqual([]);
    for (const place of places) {
      const { status } = await call('GET', place, { headers: { cookie } });
      if (status !== 200) failed.push(`${status} ${place}`);
    }
  }
  return failed;
}

async function builtConsole(): Promise<Place[]> {
  const folder = fileURLToPath(new URL('../../dist/console', import.meta.url));
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async ({ parentPath, name }) => ({
        where: `the console's ${name}`,
        text: await readFile(`${parentPath}/${name}`, 'latin1'),
      })),
  );
}

async function openStage(database: Database) {
  await using opening = new AsyncDisposableStack();
  const kept = opening.use(await freshDatabase(database));
  const api = opening.use(await startBotApi());
  const gossip = opening.use(await startGossip());
  const adminToken = canary(40);
  const env = {
    DATABASE_URL: kept.url,
    SECRET_KEY,
    ADMIN_TOKEN: adminToken,
    METRICS_TOKEN: canary(40),
    TELEGRAM_API_ROOT: api.url,
    CALLBACK_ALLOW: '127.0.0.0/8',
  };
  const gateway = opening.use(await startWatched(env));
  const caller = openCaller(gateway.url);
  const admin = (method: string, path: string, body?: unknown) =>
    caller.call(method, `/api/v1${path}`, {
      ...(body !== undefined && { body }),
      headers: { authorization: `Bearer ${adminToken}` },
    });
  const opened = opening.move();
  return {
    env,
    api,
    gossip,
    gateway,
    caller,
    admin,
    database: kept,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

type Stage = Awaited<ReturnType<typeof openStage>>;

/** An operator who is admin as well, with a password; answers the cookie of its session. */
async function signsIn({ admin, caller: { call } }: Stage, secrets: Record<string, string>): Promise<string> {
  const { json } = await admin('POST', '/operators', {
    name: 'Chief',
    role: 'admin',
    email: 'chief@example.com',
  });
  const invite = await admin('POST', `/operators/${String(json['id'])}/invite`);
  const code = new URLSearchParams(new URL(String(invite.json['url'])).hash.slice(1)).get('code')!;
  const password = `pass word & ${canary(24)}`;
  const mistyped = `pass word & ${canary(24)}`;
  await call('POST', '/api/v1/invite/look', { body: { code } });
  expect((await call('POST', '/api/v1/invite', { body: { code, password } })).status).toBe(200);
  const email = 'chief@example.com';
  await call('POST', '/api/v1/session', { body: { email, password: mistyped } });
  await call('POST', '/api/v1/session', { body: { email: mistyped, password } });
  await call('POST', '/api/v1/session', { raw: `{"password":"${password}",`, headers: jsonType });
  const signedIn = await call('POST', '/api/v1/session', { body: { email, password } });
  expect(signedIn.status).toBe(200);
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
  Object.assign(secrets, { password, mistyped, invite: code, session: cookie.split('=')[1]! });
  return cookie;
}

const jsonType = { 'content-type': 'application/json' };

/** Makes a bot with this token, on a server of its own or not. */
async function hasBot({ admin }: Stage, token: string, apiRoot: string | null, mode = 'polling') {
  const code = `bot-${token.split(':')[0]}`;
  const telegram = { token, mode, ...(apiRoot !== null && { api_root: apiRoot }) };
  const { status, json } = await admin('POST', '/sources', { name: code, code, kind: 'telegram', telegram });
  return { status, id: Number(json['id']), code };
}

/** Waits until an admin sees why a source does not do well. */
async function complains({ admin }: Stage, sourceId: number): Promise<void> {
  await expect
    .poll(async () => (await admin('GET', `/sources/${sourceId}/health`)).json['last_error'], {
      timeout: 10_000,
    })
    .toEqual(expect.any(String));
}

describe.each(databases)('on %s', (database) => {
  test('no secret stands anywhere but where it was shown once', { timeout: 60_000 }, async () => {
    await using stage = await openStage(database);
    const { api, gossip, gateway, admin, caller, env } = stage;
    const secrets: Record<string, string> = {
      'admin token': env.ADMIN_TOKEN,
      'metrics token': env.METRICS_TOKEN,
      'secret key': SECRET_KEY,
    };
    const cookie = await signsIn(stage, secrets);
    using console = await openWatched(gateway.url, env.ADMIN_TOKEN);
    const issued = await admin('POST', '/tokens', { name: 'robot', operator_id: 1 });
    secrets['issued token'] = String(issued.json['token']);
    const asChief = { authorization: `Bearer ${secrets['issued token']}` };

    const tokens = Array.from({ length: 6 }, (_, bot) => tokenOf(700 + bot));
    const [good, next, closed, reset, unknown, hooked] = tokens;
    for (const [index, token] of tokens.entries()) secrets[`bot token ${index}`] = token.split(':')[1]!;
    const seal = openSeal(Buffer.from(SECRET_KEY, 'base64'));
    for (const token of tokens)
      secrets[`secret of Telegram for ${token.split(':')[0]}`] = seal.fingerprint(
        `telegram-webhook:${token}`,
      );

    // Polls, is answered, and is sent to; then its server is one that gossips, and then nobody.
    api.addBot({ token: good!, username: 'good_bot' });
    api.addBot({ token: hooked!, username: 'hooked_bot' });
    const bot = await hasBot(stage, good!, null);
    await admin('PUT', `/sources/${bot.id}/operators`, { operator_weights: [{ operator_id: 1, weight: 1 }] });
    const contact = await hasContact(api, good!, admin);
    const reply = async (text: string) => {
      const place = `/api/v1/contacts/${contact}/messages`;
      return caller.call('POST', place, { body: { text }, headers: asChief });
    };
    await reply('first');
    await api.waitForSent(({ text }) => text === 'first');
    await admin('PATCH', `/sources/${bot.id}`, { telegram: { api_root: gossip.url } });
    const gossiped = await reply('second');
    await isRefused(admin, contact, gossiped);
    await complains(stage, bot.id);
    await admin('PATCH', `/sources/${bot.id}`, { telegram: { api_root: 'http://127.0.0.1:9' } });
    await isRefused(admin, contact, await reply('third'));
    await admin('PATCH', `/sources/${bot.id}`, { telegram: { token: next } });

    const made = [
      await hasBot(stage, closed!, 'http://127.0.0.1:9'),
      await hasBot(stage, reset!, gossip.url),
      await hasBot(stage, hooked!, null, 'webhook'),
    ];
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
    for (const { id } of made.slice(0, 2)) await complains(stage, id);
    await api.waitForCall(({ method, token }) => method === 'setWebhook' && token === hooked);
    expect((await hasBot(stage, unknown!, null)).status).toBe(422);
    api.removeBot(hooked!);

    await usesHook(stage, secrets, asChief);
    await provokes(stage, secrets, tokens);

    const commands = ['status', 'status --json', 'export-config', 'config-history'];
    const said: Place[] = [];
    for (const command of commands) {
      const { code, printed, hinted } = await runCli(command, env);
      expect(code, hinted).toBe(0);
      said.push({ where: `leadgate ${command}`, text: printed + hinted });
    }
    const failed = await readEverything(caller, cookie);
    const metrics = await caller.call('GET', '/metrics', {
      headers: { authorization: `Bearer ${env.METRICS_TOKEN}` },
    });
    const rows = await everythingKept(env.DATABASE_URL);
    await gateway.stop();
    const frames = console.heard();

    // Each place has been looked at, and holds what it should.
    expect(failed).toEqual(['401 /metrics']);
    expect(metrics.status).toBe(200);
    expect(gateway.said().text).toContain('"msg":"answered"');
    expect(frames.text).toContain('message.created');
    expect(rows.map(({ text }) => text).join()).toContain('second');
    expect(caller.answers.map(({ text }) => text).join()).toMatch(/cannot serve http.*\*\*\*/);
    const places = [...rows, gateway.said(), frames, ...caller.answers, ...said, ...(await builtConsole())];
    expect(leaksIn(places, secrets)).toEqual([]);
  });
});

/** Somebody writes to the bot, and an operator has it. */
async function hasContact(api: BotApi, token: string, admin: Stage['admin']): Promise<number> {
  api.customer(token, { id: 42 }).writes('hello');
  let found: { id: number; operator_id: number | null } | undefined;
  await expect
    .poll(
      async () => {
        const { json } = await admin('GET', '/contacts');
        [found] = json['items'] as [typeof found];
        return found?.operator_id;
      },
      { timeout: 10_000 },
    )
    .toBe(1);
  return found!.id;
}

/** Waits until the reason why a reply did not go out stands beside it. */
async function isRefused(admin: Stage['admin'], contact: number, reply: Answer): Promise<void> {
  await expect
    .poll(
      async () => {
        const { json } = await admin('GET', `/contacts/${contact}/messages`);
        return (json['items'] as Message[]).find(({ id }) => id === reply.json['id'])?.error;
      },
      { timeout: 10_000 },
    )
    .toEqual(expect.any(String));
}

/** A webhook with each of its secrets, taken and refused, and callbacks to where nobody listens. */
async function usesHook({ admin, caller, gossip }: Stage, secrets: Record<string, string>, asChief: object) {
  const webhook = { callback_url: `${gossip.url}/callback` };
  const { json } = await admin('POST', '/sources', { name: 'Shop', code: 'shop', kind: 'webhook', webhook });
  const first = (json['webhook'] as { secret: string }).secret;
  const rotated = await admin('POST', '/sources/shop/secret', { overlap_hours: 1 });
  const second = String(rotated.json['secret']);
  secrets['hook secret'] = first.slice('whsec_'.length);
  secrets['rotated hook secret'] = second.slice('whsec_'.length);
  await admin('PUT', '/sources/shop/operators', { operator_weights: [{ operator_id: 1, weight: 1 }] });
  const at = new Date();
  const contacts: unknown[] = [];
  for (const secret of [first, second]) {
    const body = { external_id: `lead ${contacts.length}`, text: 'hello' };
    const posts = (headers: Record<string, string>) => caller.call('POST', '/hooks/shop', { body, headers });
    const taken = await posts({ authorization: `Bearer ${secret}` });
    expect(taken.status).toBe(202);
    contacts.push(taken.json['contact_id']);
    await posts({ authorization: `Bearer ${secret}x` });
    await posts({ authorization: `Basic ${secret}` });
    await posts({
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('evt_1', at, JSON.stringify(body)),
    });
  }
  for (const callback_url of [`${gossip.url}/callback`, 'http://127.0.0.1:9/callback']) {
    // Each of its own: what is said in one waits for what was said before.
    const contact = Number(contacts.pop());
    const place = `/api/v1/contacts/${contact}/messages`;
    await admin('PATCH', '/sources/shop', { webhook: { callback_url } });
    const reply = await caller.call('POST', place, { body: { text: 'answer' }, headers: { ...asChief } });
    await isRefused(admin, contact, reply);
  }
}

/** Says secrets where they do not belong: what is refused does not say them back, and nobody writes them down. */
async function provokes(
  { admin, caller: { call } }: Stage,
  secrets: Readonly<Record<string, string>>,
  tokens: readonly string[],
): Promise<void> {
  const [token] = tokens as [string];
  const refused = [
    await admin('POST', '/sources', {
      name: 'x',
      code: token,
      kind: token,
      telegram: { token: `${token}!` },
    }),
    await admin('POST', '/sources', {
      name: 'x',
      code: 'x',
      kind: 'telegram',
      telegram: { token, mode: token },
    }),
    await admin('POST', '/sources', {
      name: 'x',
      code: 'x',
      kind: 'webhook',
      webhook: { callback_url: token },
    }),
    await admin('POST', '/sources', {
      name: 'x',
      code: 'twin',
      kind: 'telegram',
      telegram: { token: tokens[1], api_root: 'http://127.0.0.1:9' },
    }),
    await admin('PATCH', '/sources/shop', { webhook: { auth: token, mapping: { text: token } } }),
    await admin('POST', '/sources/shop/secret', { overlap_hours: token }),
    await call('GET', '/api/v1/session', { headers: { authorization: `Bearer ${token}` } }),
    await call('POST', '/api/v1/contacts', { raw: `{"text":"${token}"`, headers: jsonType }),
    await call('POST', '/telegram/bot-705', {
      body: { update_id: 1 },
      headers: { 'x-telegram-bot-api-secret-token': token },
    }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 409, 422, 422, 401, 401, 401]);
  expect(Object.keys(secrets).length).toBeGreaterThan(15);
}

test('a secret is found in all of its forms', () => {
  const secret = 'a+/?b c&d-_12345678';
  const hidden = [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex'),
    ...['', 'x', 'xy', 'xyz'].flatMap((before) => [
      Buffer.from(`${before}${secret}tail`).toString('base64'),
      Buffer.from(`${before}${secret}`).toString('base64url'),
    ]),
  ];

  const canaries: Canaries = { secret };
  for (const text of hidden) expect(leaksIn([{ where: 'here', text }], canaries), text).not.toEqual([]);
  expect(leaksIn([{ where: 'here', text: Buffer.from('a+/?b c&d').toString('base64') }], canaries)).toEqual(
    [],
  );
  expect([...formsOf(secret)].every((form) => form.length >= 12)).toBe(true);
});
