import { issueSetupCode } from '../../../src/desk/setup.ts';
import { type Answer, madeOperator } from '../../support/http.ts';
import type { Example, Stage } from './examples.ts';
import { openOutcomes } from './outcomes.ts';
import { browserWith, cookieOf, invited, PASSWORD, signedIn } from './sign-in.ts';

const code = 'AAAAA-AAAAA-AAAAA-AAAAA';

/** The routes below `/api/v1` that take no credential, with a body that is good in itself. */
export const withoutCredential: readonly Example[] = [
  { method: 'GET', path: '/setup' },
  {
    method: 'POST',
    path: '/setup',
    body: { code, name: 'Ann', email: 'first@example.com', password: PASSWORD },
  },
  { method: 'POST', path: '/session', body: { email: 'nobody@example.com', password: PASSWORD } },
  { method: 'POST', path: '/invite/look', body: { code } },
  { method: 'POST', path: '/invite', body: { code, password: PASSWORD } },
];

const elsewhere = { origin: 'https://elsewhere.example' };
const jsonType = { 'content-type': 'application/json' };
const TOO_LONG = `{"code":"${'x'.repeat(1_048_576)}"}`;

/** Knocks without a credential in every way; answers what did not come out as expected. */
export async function knockWithout(stage: Stage): Promise<readonly string[]> {
  const { expects, surprises } = openOutcomes();
  const { app } = stage;
  const nobody = app.as(null);
  await setUpOnce(stage, expects);
  await useInvites(stage, expects);
  await useSessions(stage, expects);
  for (const { method, path, body } of withoutCredential) {
    const what = `${method} ${path}`;
    await expects(403, nobody(method, path, { body, headers: elsewhere }), what);
    await expects(422, nobody(method, `${path}?nonsense=1`, { body }), what);
    if (body === undefined) continue;
    await expects(400, nobody(method, path, { raw: '{"code":', headers: jsonType }), what);
    await expects(413, nobody(method, path, { raw: TOO_LONG, headers: jsonType }), what);
    await expects(415, nobody(method, path, { raw: 'a=b', headers: { 'content-type': 'text/plain' } }), what);
    await expects(422, nobody(method, path, { body: { nonsense: 1 } }), what);
    if (path === '/setup') continue;
    await expects(
      429,
      stopped(401, () => nobody(method, path, { body })),
      what,
    );
  }
  return surprises;
}

type Expects = ReturnType<typeof openOutcomes>['expects'];

async function setUpOnce({ app }: Stage, expects: Expects): Promise<void> {
  const nobody = app.as(null);
  const { desk } = app.app;
  // As on a database without an admin; there is no way back by any verb.
  await desk.store.write((tx) => tx.em.execute('update access set is_set_up = false where id = 1'));
  const input = { name: 'First', email: 'first@example.com', password: PASSWORD };
  const printed = await issueSetupCode(desk);
  await expects(200, nobody('GET', '/setup'), 'open');
  const taken = { ...input, code: printed, email: 'chief@example.com' };
  await expects(409, nobody('POST', '/setup', { body: taken }), 'e-mail taken');
  const guess = { ...input, code };
  await expects(401, nobody('POST', '/setup', { body: guess }), 'wrong code');
  const tooOften = stopped(401, () => nobody('POST', '/setup', { body: guess }));
  const { headers } = await expects(429, tooOften, 'too often');
  await passed(headers);
  await expects(201, nobody('POST', '/setup', { body: { ...input, code: printed } }), 'set up');
  await expects(410, nobody('POST', '/setup', { body: { ...input, code: printed } }), 'closed');
}

/** Goes on while it is refused with this status, and answers what comes then. After five times one has to wait. */
async function stopped(refused: number, ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await ask();
  return answer.status === refused ? stopped(refused, ask) : answer;
}

/** Waits as long as the answer says. */
async function passed(headers: Headers): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 1000 * Number(headers.get('retry-after')));
  await promise;
}

async function useInvites({ app }: Stage, expects: Expects): Promise<void> {
  const nobody = app.as(null);
  const { id } = await madeOperator(app, { email: 'invited@example.com' });
  const real = await invited(app, id);
  await expects(200, nobody('POST', '/invite/look', { body: { code: real } }), 'look');
  await expects(200, nobody('POST', '/invite', { body: { code: real, password: PASSWORD } }), 'accept');
  await expects(401, nobody('POST', '/invite', { body: { code: real, password: PASSWORD } }), 'used');
  const again = await expects(
    200,
    nobody('POST', '/session', { body: { email: 'Invited@example.com', password: PASSWORD } }),
    'sign in',
  );
  await expects(204, browserWith(app, cookieOf(again))('DELETE', '/session'), 'sign out');
}

async function useSessions({ app }: Stage, expects: Expects): Promise<void> {
  const operator = await madeOperator(app);
  const { client, email } = await signedIn(app, operator);
  const other = await app.as(null)('POST', '/session', { body: { email, password: PASSWORD } });
  await expects(200, browserWith(app, cookieOf(other))('GET', '/session'), 'signed in twice');
  const { json } = await client<{ items: { id: number; is_current: boolean }[] }>('GET', '/sessions');
  const second = json.items.find((session) => !session.is_current)!;
  await expects(204, client('DELETE', `/sessions/${second.id}`), 'end one');
  await expects(204, client('DELETE', '/sessions'), 'end the others');
  const body = { current_password: PASSWORD, new_password: `${PASSWORD} two` };
  const changed = await expects(200, client('PUT', '/session/password', { body }), 'another password');
  const now = browserWith(app, cookieOf(changed));
  const wrong = { ...body, current_password: 'not that one' };
  const tooOften = stopped(422, () => now('PUT', '/session/password', { body: wrong }));
  await expects(429, tooOften, 'too often');
}
