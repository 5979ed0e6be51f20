import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { freshFolder } from '../support/http.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { PASSWORD } from './support/sign-in.ts';

test('the gateway prints a link and a code while there is no admin, and the code makes one', async () => {
  await using folder = await freshFolder();
  const env = { DATABASE_URL: `sqlite:${folder.path}/leadgate.db`, LOG_LEVEL: 'trace' };
  await using gateway = await startGateway(env);

  const link = (await gateway.says(/\/setup#code=/)).trim();
  const hint = await gateway.says(/or with the code/);
  const code = new URL(link).hash.slice('#code='.length);
  const answer = await fetch(`${gateway.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, name: 'Ann', email: 'ann@example.com', password: PASSWORD }),
  });

  expect(link.startsWith(`${gateway.url}/setup#code=`)).toBe(true);
  expect(hint).toContain(code);
  expect(answer.status).toBe(201);
});

test('the link stands on PUBLIC_URL, and none is printed when there is an admin', async () => {
  await using folder = await freshFolder();
  const env = { DATABASE_URL: `sqlite:${folder.path}/leadgate.db`, PUBLIC_URL: 'https://desk.example' };
  {
    await using gateway = await startGateway(env);
    expect((await gateway.says(/\/setup#code=/)).trim()).toMatch(/^https:\/\/desk\.example\/setup#code=/);
  }
  // With the key that the gateway has made for itself.
  await runCli('admin create --email ann@example.com --name Ann', { ...env, SECRET_KEY: '' });

  await using gateway = await startGateway(env);
  gateway.child.kill('SIGTERM');

  // It would have been printed before.
  expect(await Promise.race([gateway.says(/setup/), gateway.says(/stopping/)])).toMatch(/stopping/);
});
