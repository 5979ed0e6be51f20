import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Furnished, furnish } from './furnished.ts';

const PASSWORD = 'a long enough pass phrase';

/** Another server on this machine, whose pages want to act with our cookie. */
async function startOther(): Promise<AsyncDisposable & { port: number }> {
  const html = await readFile(new URL('another-site.html', import.meta.url));
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  server.listen(0);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A page on which an admin has signed in; the gateway is `localhost` to it. */
async function signedIn(house: Furnished): Promise<{ page: Page; url: string }> {
  const { id } = await house.call('POST', '/operators', {
    name: 'Chief',
    email: 'chief@example.com',
    role: 'admin',
  });
  const invite = await house.call('POST', `/operators/${id}/invite`);
  const code = String(invite['url']).split('#code=')[1];
  const url = house.app.url.replace('127.0.0.1', 'localhost');
  const page = await (await house.browser.newContext()).newPage();
  await page.goto(`${url}/docs`);
  const status = await page.evaluate(
    async (body) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/api/v1/invite', { method: 'POST', headers, body })).status;
    },
    JSON.stringify({ code, password: PASSWORD }),
  );
  expect(status).toBe(200);
  return { page, url };
}

/** What a page of that site could read when it tried everything; a string, because it runs in the page. */
function attack(page: Page, url: string): Promise<unknown> {
  return page.evaluate(`attack(${JSON.stringify(url)})`);
}

/** Opens a socket by hand; answers what it was told before it was closed. */
async function openSocket(page: Page, url: string): Promise<string[]> {
  return page.evaluate(
    (target) =>
      new Promise<string[]>((resolve) => {
        const told: string[] = [];
        const socket = new WebSocket(`${target.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
        socket.addEventListener('message', ({ data }) => {
          told.push(String(data));
          if (String(data).startsWith('0')) socket.send('40');
          else if (String(data).startsWith('4')) socket.close();
        });
        socket.addEventListener('close', () => resolve(told));
      }),
    url,
  );
}

test.each([
  ['of the same host at another port, which gets the cookie along', 'localhost'],
  ['of another host', '127.0.0.1'],
])('a page %s can do nothing and read nothing with the cookie of an admin', async (_, host) => {
  await using house = await furnish();
  await using other = await startOther();
  const { page, url } = await signedIn(house);
  const answers: { method: string; status: number }[] = [];

  expect((await openSocket(page, url)).at(-1)).toMatch(/^40/);
  page.on('response', (answer) => {
    if (answer.url().startsWith(url))
      answers.push({ method: answer.request().method(), status: answer.status() });
  });
  await page.goto(`http://${host}:${other.port}/`);
  const read = await attack(page, url);
  const told = await openSocket(page, url);

  expect(read).toEqual([]);
  expect(told).toEqual([]);
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status < 400)).toEqual([]);
  const { items } = await house.call('GET', '/operators');
  expect((items as { name: string }[]).map(({ name }) => name)).toEqual(['Chief']);
  await page.goto(`${url}/docs`);
  expect(await page.evaluate(async () => (await fetch('/api/v1/session')).status)).toBe(200);
});

test('no page may hold the console in a frame', async () => {
  await using house = await furnish();
  await using other = await startOther();
  const page = await (await house.browser.newContext()).newPage();
  const refused = page.waitForEvent('console', (line) =>
    /frame-ancestors|X-Frame-Options/i.test(line.text()),
  );

  await page.goto(`http://localhost:${other.port}/`);
  await page.evaluate(`hold(${JSON.stringify(house.app.url)})`);

  expect((await refused).type()).toBe('error');
});
