import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Operator } from '../../src/contract/operator.ts';
import type { CreatedSource } from '../../src/contract/source.ts';
import { issueSetupCode } from '../../src/desk/setup.ts';
import { eraseOutdated } from '../../src/desk/retention.ts';
import { startBotApi } from '../../src/demo/bot-api/start.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { databases } from '../support/desk.ts';
import { freshFolder, madeContact, madeOperator, madeSource, startTestApp } from '../support/http.ts';
import type { TestApp } from '../support/http.ts';
import { browserWith, cookieOf, invited, PASSWORD, signedIn, signIn } from './support/sign-in.ts';

const FIRST = '123456:AAcanaryFirst-FirstFirstFirstFirst';
const SECOND = '123457:AAcanarySecond-SecondSecondSecond';

/** What the account of somebody goes through; answers what nobody may read of it. */
async function accounts(app: TestApp): Promise<string[]> {
  const code = await issueSetupCode(app.app.desk);
  const chief = { name: 'Chief', email: 'chief@example.com', password: PASSWORD };
  await app.as(null)('POST', '/setup', { body: { code, ...chief } });
  const ann = await madeOperator(app);
  const { client, cookie, email } = await signedIn(app, ann);
  await signIn(app, email, 'a wrong canary word');
  const changed = await client('PUT', '/session/password', {
    body: { current_password: PASSWORD, new_password: `${PASSWORD} canary` },
  });
  const again = browserWith(app, cookieOf(changed));
  await again('DELETE', '/session');
  return [code!, cookie, cookieOf(changed), await invited(app, ann.id)].map((word) =>
    word.split('=').at(-1)!,
  );
}

/** Everything that changes how work is given out. */
async function configuration(app: TestApp): Promise<string[]> {
  const { admin } = app;
  const { json: token } = await admin<{ id: number; token: string }>('POST', '/tokens', {
    body: { name: 'robot' },
  });
  await admin('DELETE', `/tokens/${token.id}`);
  const [ann, ben] = [await madeOperator(app), await madeOperator(app)];
  await admin('PATCH', `/operators/${ann.id}`, { body: { max_load: 3, role: 'supervisor' } });
  await admin('PATCH', `/operators/${ann.id}`, { body: { availability: 'paused' } });
  const bot = { kind: 'telegram', telegram: { token: FIRST } };
  const { code } = await madeSource(app, bot, { [ann.id]: 1 });
  await admin('PATCH', `/sources/${code}`, { body: { telegram: { token: SECOND } } });
  const callback = { callback_url: 'https://hooks.example.com/services/canary-key' };
  const shop = { kind: 'webhook', code: 'shop', retention_days: 1, webhook: callback };
  const { webhook } = await madeSource(app, shop);
  const other = { callback_url: 'https://hooks.example.com/services/canary-other' };
  await admin('PATCH', '/sources/shop', { body: { webhook: other } });
  const { json } = await admin<{ secret: string }>('POST', '/sources/shop/secret', {
    body: { overlap_hours: 1 },
  });
  await admin('POST', `/operators/${ann.id}/hand-over`);
  await admin('DELETE', `/operators/${ben.id}`);
  await admin('DELETE', `/sources/${(await madeSource(app)).id}`);
  return [token.token, webhook!.secret, json.secret, FIRST, SECOND];
}

/** Everything that hands out or takes away what was said. */
async function leads(app: TestApp, operator: Operator, source: CreatedSource): Promise<void> {
  const { admin } = app;
  const { desk } = app.app;
  const words = { name: 'Canary Zoe', phone: '+49canary', text: 'canary words' };
  const open = (external_id: string) =>
    admin<{ id: number; lead_id: number }>('POST', '/contacts', {
      body: { external_id, source_id: source.id, ...words },
    });
  const [zoe, twin, old] = [
    (await open('canary-zoe')).json,
    (await open('canary-twin')).json,
    (await open('canary-old')).json,
  ];
  await admin('POST', `/leads/${twin.lead_id}/merge`, { body: { into: zoe.lead_id } });
  await admin('GET', `/leads/${zoe.lead_id}/export`);
  await admin('DELETE', `/leads/${zoe.lead_id}`);
  await admin('POST', `/contacts/${old.id}/close`, { body: { reason: 'canary was content' } });
  await admin('PATCH', `/sources/${source.id}`, { body: { retention_days: 1 } });
  await desk.store.write(async (tx) => {
    await tx.em.execute('update contact set closed_at = ? where id = ?', [new Date(0), old.id]);
    await tx.em.execute('update operator set load = 7 where id = ?', [operator.id]);
  });
  await eraseOutdated(desk);
  await admin('POST', '/stats/invariants/repair');
  await admin('GET', '/audit.csv');
}

/** What is done on the gateway's machine. */
async function commandLine(databaseUrl: string): Promise<string[]> {
  await using folder = await freshFolder();
  const path = join(folder.path, 'config.yaml');
  const env = { DATABASE_URL: databaseUrl };
  await runCli(['export-config', path], env);
  await writeFile(path, (await readFile(path, 'utf8')).replace('name: Chief', 'name: Boss'));
  for (const command of [['import-config', path], ['replay']]) await runCli(command, env);
  const { printed } = await runCli(['token', 'create', '--role', 'admin'], env);
  return [printed];
}

/** What the program can note, as it is written in the sources. */
async function everyAction(): Promise<Set<string>> {
  const folder = fileURLToPath(new URL('../../src/desk', import.meta.url));
  const actions = ['operator', 'source'].flatMap((kind) =>
    ['created', 'changed', 'deleted'].map((what) => `${kind}.${what}`),
  );
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.ts'))) {
    const text = await readFile(join(folder, file), 'utf8');
    if (!text.includes("'./audit-log.ts'")) continue;
    for (const [, action] of text.matchAll(/action: '([a-z]+\.[a-z-]+)'/g)) actions.push(action!);
  }
  return new Set([...actions, 'weights.changed']);
}

// While no gateway runs: tests/cli/rotate-key.test.ts.
const elsewhere = ['key.rotated'];

describe.each(databases)('on %s', (database) => {
  test('everything that changes who may do what, or hands out data, is noted, and no secret and no word', async () => {
    await using botApi = await startBotApi();
    for (const [index, token] of [FIRST, SECOND].entries())
      botApi.addBot({ token, username: `canary_${index}_bot` });
    await using app = await startTestApp(database, { telegramApiRoot: botApi.url });
    const ofAccounts = await accounts(app);
    const operator = await madeOperator(app);
    const source = await madeSource(app, {}, { [operator.id]: 1 });
    await madeContact(app, source.id);

    const secrets = [...ofAccounts, ...(await configuration(app))];
    await leads(app, operator, source);
    secrets.push(...(await commandLine(app.databaseUrl)));

    const noted = await app.app.desk.store.em().find(AuditEntry, {}, { orderBy: { id: 'asc' } });
    const all = await everyAction();
    expect([...new Set(noted.map(({ action }) => action))].sort()).toEqual(
      [...all].filter((action) => !elsewhere.includes(action)).sort(),
    );
    const text = JSON.stringify(noted);
    expect(secrets.every((secret) => secret.length > 20)).toBe(true);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).toContain('https://hooks.example.com/… (');
    expect(text).not.toMatch(/canary(?!_\d_bot)|\$argon2|[0-9a-f]{64}|lantern/i);
  });

  test('a switch is noted when somebody else turns it, and only when it turns', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app);
    const { client } = await signedIn(app, ann);
    const turn = (who: typeof client, availability: string) =>
      who('PATCH', `/operators/${ann.id}`, { body: { availability } });

    await turn(client, 'paused');
    await turn(app.admin, 'paused');
    await turn(app.admin, 'available');

    const path = '/audit?action=operator.availability-changed';
    const { json } = await app.admin<{ items: object[] }>('GET', path);
    expect(json.items).toMatchObject([
      { before: { availability: 'paused' }, after: { availability: 'available' } },
    ]);
  });

  test('what was noted is neither changed nor taken away', async () => {
    await using app = await startTestApp(database);
    await madeOperator(app);
    const { store } = app.app.desk;
    const attempts = [
      "update audit_entry set actor = 'nobody'",
      'delete from audit_entry',
      ...(database === 'postgresql' ? ['truncate audit_entry', 'truncate audit_entry cascade'] : []),
    ];

    for (const attempt of attempts)
      await expect(
        store.write((tx) => tx.em.execute(attempt)),
        attempt,
      ).rejects.toThrow(/append-only/);

    expect(await store.em().count(AuditEntry)).toBe(1);
  });
});
