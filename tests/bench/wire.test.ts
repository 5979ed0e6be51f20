import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openWire } from '../../bench/wire.ts';

async function listen(answer: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/contacts`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

test('what is posted arrives whole, and one connection is used again and again', async () => {
  const heard: unknown[] = [];
  const ports = new Set<number | undefined>();
  await using server = await listen((request, response) => {
    const { method, url, headers, socket } = request;
    ports.add(socket.remotePort);
    void json(request).then((body) => {
      heard.push([method, url, headers.authorization, body]);
      response.writeHead(201, { 'content-length': 5 }).write('he');
      response.end('llo');
    });
  });
  using wire = openWire();

  for (const text of ['one', 'два']) await wire.post({ url: server.url, token: 't', body: { text } }, 201);

  expect(heard).toEqual([
    ['POST', '/contacts', 'Bearer t', { text: 'one' }],
    ['POST', '/contacts', 'Bearer t', { text: 'два' }],
  ]);
  expect(ports.size).toBe(1);
});

test('another status than the expected one ends a load, and so does a server that goes away', async () => {
  await using refusing = await listen((_, response) =>
    response.writeHead(503, { 'content-length': 0 }).end(),
  );
  await using leaving = await listen((request) => request.socket.destroy());
  using wire = openWire();

  const post = { token: 't', body: {} };
  await expect(wire.post({ ...post, url: refusing.url }, 201)).rejects.toThrow('answered 503 where 201');
  await expect(wire.post({ ...post, url: leaving.url }, 201)).rejects.toThrow();
});
