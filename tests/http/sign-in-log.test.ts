import { expect, test } from 'vitest';
import { issueSetupCode } from '../../src/desk/setup.ts';
import { openLog } from '../../src/log.ts';
import { startTestApp } from '../support/http.ts';
import { browserWith, cookieOf, invited, signIn } from './support/sign-in.ts';

test('no password, code or cookie stands in a line of the log, whatever the level', async () => {
  let logged = '';
  const log = openLog('trace', { write: (line: string) => void (logged += line) });
  await using app = await startTestApp('sqlite', {}, undefined, log);
  const passwords = [
    'canary quiet harbour',
    'canary grey pebbles',
    'canary blue kettles',
    'canary wrong',
  ] as const;
  const email = 'canary@example.com';

  const code = (await issueSetupCode(app.app.desk))!;
  const setUp = { code, name: 'Canary', email, password: passwords[0] };
  await app.as(null)('POST', '/setup', { body: { ...setUp, code: 'canary code' } });
  const made = await app.as(null)('POST', '/setup', { body: setUp });
  await signIn(app, email, passwords[3]);
  await signIn(app, passwords[3], passwords[3]);
  const entered = await signIn(app, email, passwords[0]);
  const change = { current_password: passwords[0], new_password: passwords[1] };
  const changed = await browserWith(app, cookieOf(entered))('PUT', '/session/password', { body: change });
  const invite = await invited(app, (made.json as { id: number }).id);
  await app.as(null)('POST', '/invite', { body: { code: 'canary code', password: passwords[2] } });
  const accepted = await app.as(null)('POST', '/invite', { body: { code: invite, password: passwords[2] } });
  // A fault of the database says what it was asked.
  await app.app.desk.store.write((tx) => tx.em.execute('drop table password'));
  const broken = await fetch(`${app.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: passwords[2] }),
  });

  expect(broken.status).toBe(500);
  expect([made, entered, changed, accepted].map(({ status }) => status)).toEqual([201, 200, 200, 200]);
  expect(logged).toContain('a request failed');
  expect(logged).toContain('"route":"/session/password"');
  const cookies = [made, entered, changed, accepted].map((answer) => cookieOf(answer).split('=')[1]!);
  for (const secret of [...cookies, code, invite, 'canary', 'argon2']) expect(logged).not.toContain(secret);
});
