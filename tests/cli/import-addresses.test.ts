import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { privateHosts } from '../outgoing/private-addresses.ts';
import { freshDatabase } from '../support/desk.ts';
import { freshFolder } from '../support/http.ts';
import { runCli } from './support/run-cli.ts';

const common = {
  is_active: true,
  strategy: 'weighted_random',
  return_policy: { kind: 'route' },
  require_presence: false,
  priority: 0,
  reopen_minutes: 0,
  offer_seconds: 0,
  on_offline: 'keep',
  weights: {},
};

const hook = (code: string, callback_url: string | null) => ({
  ...common,
  code,
  name: code,
  kind: 'webhook',
  webhook: { auth: 'bearer', callback_url },
});

const bot = (code: string, api_root: string) => ({
  ...common,
  code,
  name: code,
  kind: 'telegram',
  telegram: { mode: 'polling', api_root },
});

async function imports(sources: object[], env: Record<string, string> = {}) {
  await using database = await freshDatabase('sqlite');
  await using folder = await freshFolder();
  const path = `${folder.path}/config.yaml`;
  await writeFile(path, stringify({ version: 1, operators: [], sources }));
  const said = await runCli(`import-config ${path}`, { DATABASE_URL: database.url, ...env });
  const status = await runCli('status', { DATABASE_URL: database.url });
  return { ...said, hasNone: status.printed.includes('0 active of 0') };
}

test('a file may name no private address, as REST may not, and each is told with its line', async () => {
  const said = await imports([
    hook('good', 'https://crm.example/in'),
    ...privateHosts.map((host, index) => hook(`hook-${index}`, `http://${host}/`)),
    ...privateHosts.map((host, index) => bot(`bot-${index}`, `http://${host}/`)),
  ]);

  const lines = said.hinted.split('\n');
  const count = privateHosts.length;
  expect(said.code).toBe(1);
  expect(said.hasNone).toBe(true);
  expect(lines).toHaveLength(2 * count);
  for (const [index, line] of lines.entries())
    expect(line).toMatch(
      new RegExp(
        `^line \\d+, sources\\.${index + 1}\\.${index < count ? 'webhook.callback_url' : 'telegram.api_root'}: .*CALLBACK_ALLOW$`,
      ),
    );
});

test('what CALLBACK_ALLOW lists may be imported', async () => {
  const sources = [hook('shop', 'http://10.1.2.3/in')];

  const refused = await imports(sources);
  const { code, printed } = await imports(sources, { CALLBACK_ALLOW: '10.0.0.0/8' });

  expect([refused.code, code]).toEqual([1, 0]);
  expect(printed).toContain('+ source shop');
});
