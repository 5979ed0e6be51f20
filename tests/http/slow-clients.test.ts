import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openApi } from '../../src/http/api.ts';
import { serveHttp } from '../../src/http/serve.ts';

const quick = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50, silence: 400 };
/** More than the buffers of two sockets hold. */
const LONG = 'x'.repeat(64 * 1_048_576);

async function startServer() {
  const api = openApi();
  api.onError((_, c) => c.body(null, 400));
  api.post('/echo', async (c) => c.text(await c.req.text()));
  api.get('/long', (c) => c.text(LONG));
  return serveHttp(api, { host: '127.0.0.1', port: 0 }, quick);
}

/** A connection that has said this much and then nothing more. */
async function saying(url: string, words: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(words);
  socket.on('error', () => {});
  return socket;
}

test.each([
  ['headers', 'POST /echo HTTP/1.1\r\nhost: a\r\n'],
  ['a body', 'POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc'],
])('whoever never ends %s is cut', async (_, words) => {
  await using server = await startServer();
  const socket = await saying(server.url, words);

  socket.resume();
  await once(socket, 'close');

  expect(socket.destroyed).toBe(true);
});

test('whoever does not read an answer is cut', async () => {
  await using server = await startServer();
  const cut = new Promise((resolve) =>
    server.server.once('connection', (other) => other.once('close', resolve)),
  );
  const socket = await saying(server.url, 'GET /long HTTP/1.1\r\nhost: a\r\n\r\n');

  socket.pause();
  await cut;

  expect(socket.bytesRead).toBeLessThan(LONG.length);
  socket.destroy();
});

test('whoever is only slow is heard', async () => {
  await using server = await startServer();

  const answer = await fetch(`${server.url}/echo`, { method: 'POST', body: 'a word' });

  expect(await answer.text()).toBe('a word');
});
