import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startNginx } from './support/nginx.ts';

type Dying = AsyncDisposable & { address: string; asked: string[] };

/** What a gateway is that dies over every request: it has read it, and nobody knows what it has done with it. */
async function startDying(): Promise<Dying> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/healthz') {
      response.end('{}');
      return;
    }
    asked.push(request.method!);
    request.socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

test.each([
  ['GET', 2],
  ['PUT', 2],
  ['POST', 1],
  ['PATCH', 1],
])('%s is asked of %i gateways when the one that has it dies', async (method, times) => {
  await using one = await startDying();
  await using other = await startDying();
  await using nginx = await startNginx({ gateway: one.address, 'gateway-2': other.address });

  const answer = await fetch(`${nginx.url}/api/v1/contacts`, { method });

  expect(answer.status).toBe(502);
  expect([...one.asked, ...other.asked]).toEqual(Array.from({ length: times }, () => method));
});
