import { io } from 'socket.io-client';
import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { madeOperator, startTestApp, type TestApp } from '../support/http.ts';
import {
  browserWith,
  cookieOf,
  invited,
  PASSWORD,
  type SignedIn,
  signedIn,
  signIn,
} from '../http/support/sign-in.ts';

type Connected = Disposable & {
  /** Resolves with the moment, by `performance.now()`, at which the gateway has cut it. */
  cut: Promise<number>;
};

/** A console's socket with the cookie of its browser; rejects with the gateway's word when that refuses. */
async function connected(app: TestApp, cookie: string, origin = app.url): Promise<Connected> {
  const socket = io(app.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie, origin },
  });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  const cut = new Promise<number>((resolve) => socket.once('disconnect', () => resolve(performance.now())));
  return { cut, [Symbol.dispose]: () => void socket.disconnect() };
}

/** What ends the right of somebody who has signed in. */
type Ending = (app: TestApp, ann: SignedIn, id: number) => Promise<unknown>;
const endings: [string, Ending][] = [
  ['it signs out', (_, ann) => ann.client('DELETE', '/session')],
  [
    'it ends that session from another one',
    async (app, ann) => browserWith(app, cookieOf(await signIn(app, ann.email)))('DELETE', '/sessions'),
  ],
  [
    'it sets another password',
    (_, ann) =>
      ann.client('PUT', '/session/password', {
        body: { current_password: PASSWORD, new_password: 'seven grey pebbles' },
      }),
  ],
  [
    'it takes an invite elsewhere',
    async (app, _, id) =>
      app.as(null)('POST', '/invite', {
        body: { code: await invited(app, id), password: 'seven grey pebbles' },
      }),
  ],
  [
    'it is deactivated',
    (app, _, id) => app.admin('PATCH', `/operators/${id}`, { body: { is_active: false } }),
  ],
  [
    'its role changes',
    (app, _, id) => app.admin('PATCH', `/operators/${id}`, { body: { role: 'supervisor' } }),
  ],
  ['it is deleted', (app, _, id) => app.admin('DELETE', `/operators/${id}`)],
];

async function endedAt(one: TestApp, other: TestApp, end: Ending): Promise<{ rest: number; ms: number }> {
  const operator = await madeOperator(one, { email: 'ann@example.com' });
  const ann = await signedIn(one, operator);
  using socket = await connected(other, ann.cookie);

  await end(one, ann, operator.id);
  const done = performance.now();
  const { status: rest } = await browserWith(one, ann.cookie)('GET', '/session');

  return { rest, ms: (await socket.cut) - done };
}

describe.each(databases)('on %s', (database) => {
  test.each(endings)(
    'when %s, its socket is cut within a second and REST refuses at once',
    async (_, end) => {
      await using app = await startTestApp(database);

      const { rest, ms } = await endedAt(app, app, end);

      expect(rest).toBe(401);
      expect(ms).toBeLessThan(1000);
    },
  );

  test('a socket opens with the cookie of a session on our own page, and with nothing else', async () => {
    await using app = await startTestApp(database);
    const { cookie } = await signedIn(app, await madeOperator(app));

    using _ = await connected(app, cookie);

    await expect(connected(app, 'leadgate=invented')).rejects.toThrow('unauthorized');
    await expect(connected(app, '')).rejects.toThrow('unauthorized');
    await expect(connected(app, cookie, 'https://evil.example')).rejects.toThrow();
  });
});

describe('with two gateways on one PostgreSQL', () => {
  test.each(endings)(
    'when %s at the other gateway, its socket is cut within a second here',
    async (_, end) => {
      await using one = await startTestApp('postgresql');
      await using other = await startTestApp('postgresql', { databaseUrl: one.databaseUrl });

      const { ms } = await endedAt(one, other, end);

      expect(ms).toBeLessThan(1000);
    },
  );
});
