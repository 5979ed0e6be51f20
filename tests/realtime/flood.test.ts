import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/desk/actor.ts';
import type { TokenId } from '../../src/contract/ids.ts';
import { admin, openTestDesk } from '../support/desk.ts';
import { openConsole, serveRealtime } from './console.ts';

const tooMany = { error: 'too-many-requests' };
/** An admin with a token, not with that of the environment. */
const holder: Actor = { ...admin, credential: { kind: 'token', id: 1 as TokenId } };

describe('a socket', () => {
  test('that asks for everything too often is told so, and one that floods the gateway is cut', async () => {
    await using desk = await openTestDesk('sqlite');
    await using realtime = await serveRealtime(desk);
    using console = await openConsole(realtime.url, realtime.admit(admin));
    using other = await openConsole(realtime.url, realtime.admit(admin));
    const cut = new Promise((resolve) => console.socket.once('disconnect', resolve));

    const answers: unknown[] = [];
    for (let n = 0; n < 7; n++) answers.push(await console.socket.emitWithAck('subscribe', { after: null }));
    for (let n = 0; n < 600; n++) console.socket.emit('typing', { contact_id: 1 });
    await cut;

    expect(answers.slice(0, 6)).not.toContainEqual(tooMany);
    expect(answers[6]).toEqual(tooMany);
    expect(await other.subscribe(null)).toHaveProperty('snapshot');
  });

  test('asks for everything once at a time', async () => {
    await using desk = await openTestDesk('sqlite');
    await using realtime = await serveRealtime(desk);
    using console = await openConsole(realtime.url, realtime.admit(admin));
    const ask = (): Promise<unknown> => console.socket.emitWithAck('subscribe', { after: null });

    const [first, second, third] = await Promise.all([ask(), ask(), ask()]);

    expect(first).toHaveProperty('snapshot');
    expect([second, third]).toEqual([tooMany, tooMany]);
  });
});

test('a connection knocks once: a stranger who goes on is cut, and costs no more than one answer', async () => {
  await using desk = await openTestDesk('sqlite');
  let asked = 0;
  await using realtime = await serveRealtime(desk, () => {
    asked += 1;
    return Promise.resolve(null);
  });
  const socket = new WebSocket(`${realtime.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  await once(socket, 'message');

  for (let n = 0; n < 100; n++) socket.send('40{"token":"no such token"}');
  await once(socket, 'close');

  expect(asked).toBe(1);
});

test('a credential opens fifty sockets and no more; one that closes makes room', async () => {
  await using desk = await openTestDesk('sqlite');
  await using realtime = await serveRealtime(desk);
  const secret = realtime.admit(holder);
  using open = new DisposableStack();
  const consoles = await Promise.all(Array.from({ length: 50 }, () => openConsole(realtime.url, secret)));
  for (const console of consoles) open.use(console);

  await expect(openConsole(realtime.url, secret)).rejects.toThrow('too-many-requests');
  open.use(await openConsole(realtime.url, realtime.admit(admin)));
  consoles[0]!.socket.disconnect();

  await expect
    .poll(() =>
      openConsole(realtime.url, secret).then(
        (one) => open.use(one) !== undefined,
        () => false,
      ),
    )
    .toBe(true);
});
