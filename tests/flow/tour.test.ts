import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freshDatabase } from '../support/desk.ts';
import { startGateway } from '../support/gateway.ts';

const run = promisify(execFile);

/** The commands of the tour as they stand in a README, in order. */
async function tourOf(readme: string): Promise<string> {
  const text = await readFile(new URL(`../../${readme}`, import.meta.url), 'utf8');
  return [...text.matchAll(/<!-- tour -->\n+```bash\n([\s\S]*?)```/g)]
    .map(([, commands]) => commands!)
    .join('\n');
}

test.for(['README.md', 'README.ru.md'])('the tour in %s works to the letter', async (readme) => {
  await using database = await freshDatabase('sqlite');
  const env = { DATABASE_URL: database.url, LOG_LEVEL: 'silent' };
  await using gateway = await startGateway(env);
  const tour = (await tourOf(readme)).replaceAll('http://localhost:8000', gateway.url);

  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', tour], { env: { ...process.env, ...env } });

  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [anna, boris, site, weights, ...rest] = answers;
  expect(anna).toMatchObject({ id: 1, name: 'Anna', max_load: 5 });
  expect(boris).toMatchObject({ id: 2, name: 'Boris', max_load: 5 });
  expect(site).toMatchObject({ code: 'site', kind: 'api' });
  expect(weights.items.map((item: { share: number }) => item.share)).toEqual([0.25, 0.75]);
  const contacts = rest.slice(0, 9);
  expect(contacts.every((contact) => contact.status === 'assigned' || contact.status === 'waiting')).toBe(
    true,
  );
  const [load, distribution, decisions, closed] = rest.slice(9);
  const held = load.items.reduce((sum: number, item: { load: number }) => sum + item.load, 0);
  expect(held).toBe(contacts.filter((contact) => contact.status === 'assigned').length);
  expect(distribution.items).toMatchObject([{ source_code: 'site', total: 9 }]);
  expect(decisions.items.at(-1)).toMatchObject({ trigger: 'arrival', total_weight: 40 });
  expect(closed).toMatchObject({ id: 1, status: 'closed', close_reason: 'answered' });
});
