import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type Client, openClient } from '../../src/http/client.ts';

type Settings = Partial<Parameters<typeof openClient>[0]>;

/** What the gateway makes of a request that really came, from this machine itself. */
async function madeOf<T>(
  settings: Settings,
  headers: Record<string, string>,
  read: (client: Client, request: IncomingMessage) => T,
): Promise<T> {
  const client = openClient({ publicUrl: null, trustedProxies: [], ...settings });
  const server = createServer((request, response) => response.end(JSON.stringify(read(client, request))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    // fetch lets nobody set `host` or `cookie`, so this is said by Node's own client.
    const asked = send({ host: '127.0.0.1', port, headers }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return JSON.parse(text) as T;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const addressOf = (trustedProxies: string[], forwarded?: string): Promise<string | null> =>
  madeOf(
    { trustedProxies },
    forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    (client, request) => client.addressOf(request),
  );

describe('the address of whoever asks', () => {
  test.each([
    ['is that of the connection', [], undefined, '127.0.0.1'],
    ['is not what a stranger says of itself', [], '203.0.113.7', '127.0.0.1'],
    ['is what a trusted proxy has seen', ['127.0.0.0/8'], '203.0.113.7', '203.0.113.7'],
    ['is the last one that no proxy of ours has', ['127.0.0.1'], '10.0.0.1, 203.0.113.7', '203.0.113.7'],
    [
      'goes back through all proxies that are trusted',
      ['127.0.0.1', '10.0.0.0/8'],
      '198.51.100.9, 203.0.113.7, 10.0.0.1',
      '203.0.113.7',
    ],
    ['has no port', ['127.0.0.1'], '203.0.113.7:4711', '203.0.113.7'],
    ['may be of version 6', ['127.0.0.1'], '[2001:db8::7]:4711', '2001:db8::7'],
    ['is told plainly', ['127.0.0.1'], '::ffff:203.0.113.7', '203.0.113.7'],
    ['is the proxy where it tells nonsense', ['127.0.0.1'], 'unknown', '127.0.0.1'],
    ['is the proxy where it tells nobody', ['127.0.0.1'], undefined, '127.0.0.1'],
  ])('%s', async (_, trusted, forwarded, expected) => {
    expect(await addressOf(trusted, forwarded)).toBe(expected);
  });
});

describe('the way to the browser is encrypted', () => {
  const isSecure = (settings: Settings, headers: Record<string, string> = {}): Promise<boolean> =>
    madeOf(settings, headers, (client, request) => client.isSecure(request));
  const viaHttps = { 'x-forwarded-proto': 'https' };

  test('when the public address says so, or a proxy that is trusted', async () => {
    expect(await isSecure({ publicUrl: 'https://desk.example' })).toBe(true);
    expect(await isSecure({ trustedProxies: ['127.0.0.1'] }, viaHttps)).toBe(true);
  });

  test('not when anybody else says so', async () => {
    expect(await isSecure({}, viaHttps)).toBe(false);
    expect(await isSecure({ trustedProxies: ['10.0.0.0/8'] }, viaHttps)).toBe(false);
    expect(await isSecure({ publicUrl: 'http://localhost:8000' }, viaHttps)).toBe(false);
  });
});

test('a session is read from the cookie that belongs to the way, and from no other', async () => {
  const both = { cookie: 'a=b; leadgate=plain; __Host-leadgate=kept; leadgate2=x' };
  const read = (settings: Settings) =>
    madeOf(settings, both, (client, request) => client.sessionOf(request)?.secret ?? null);

  expect(await read({ publicUrl: 'https://desk.example' })).toBe('kept');
  expect(await read({})).toBe('plain');
  expect(
    await madeOf({}, { cookie: 'leadgate=' }, (client, request) => client.sessionOf(request)),
  ).toBeNull();
});

describe('a request is of another site', () => {
  const site = (headers: Record<string, string>, publicUrl: string | null = null): Promise<boolean> =>
    madeOf({ publicUrl }, { host: 'desk.example:8000', ...headers }, (client, request) =>
      client.isCrossSite(request),
    );

  test.each([
    [{ origin: 'http://desk.example:8000' }, null, false],
    [{ origin: 'http://desk.example' }, null, true],
    [{ origin: 'http://evil.example' }, null, true],
    [{ origin: 'null' }, null, true],
    [{ origin: 'http://desk.example:8000.evil.example' }, null, true],
    [{ origin: 'https://public.example' }, 'https://public.example', false],
    // The page came unencrypted: anybody on the way may have written it.
    [{ origin: 'http://public.example', host: 'public.example' }, 'https://public.example', true],
    [{ 'sec-fetch-site': 'same-origin' }, null, false],
    [{ 'sec-fetch-site': 'none' }, null, false],
    [{ 'sec-fetch-site': 'same-site' }, null, true],
    [{ 'sec-fetch-site': 'cross-site' }, null, true],
    [{}, null, false],
  ])('%j with %s: %s', async (headers, publicUrl, expected) => {
    expect(await site(headers as Record<string, string>, publicUrl)).toBe(expected);
  });
});
