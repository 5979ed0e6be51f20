import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readOptions } from '../../src/demo/options.ts';
import { freshFolder } from '../support/http.ts';

const main = fileURLToPath(new URL('../../src/demo/main.ts', import.meta.url));

test('the command tells a link for each role within ten seconds, touches nothing but its own files, and stops at a signal', async () => {
  await using folder = await freshFolder();
  const real = join(folder.path, 'real.db');
  const child = spawn(process.execPath, [main, '--port', '0', '--data', join(folder.path, 'demo')], {
    env: { DATABASE_URL: `sqlite:${real}`, ADMIN_TOKEN: 'short', PORT: 'nonsense' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const started = performance.now();
  const said = text(child.stdout);
  const complained = text(child.stderr);

  await once(child.stdout, 'data');
  const seconds = (performance.now() - started) / 1000;
  child.kill('SIGINT');
  await once(child, 'exit');

  expect(seconds).toBeLessThan(10);
  for (const role of ['admin', 'supervisor', 'operator'])
    expect(await said).toMatch(new RegExp(`${role} +http://127\\.0\\.0\\.1:\\d+/#token=lg_\\S+ `));
  expect(await said).toMatch(/--speed 5 .*--fresh .*Ctrl-C/);
  expect(await complained).toBe('');
  expect(child.exitCode).toBe(0);
  expect(existsSync(real)).toBe(false);
  const files = readdirSync(join(folder.path, 'demo'));
  expect(files).toEqual(expect.arrayContaining(['demo.db', 'demo.json']));
  expect(files.filter((name) => !name.startsWith('demo.'))).toEqual([]);
});

test('what stands behind the command is read, and what makes no sense is told with what would', () => {
  const options = readOptions(['--speed', '2.5', '--fresh', '--port', '9000', '--seed', 'x', '--data', '/x']);

  expect(options).toEqual({ speed: 2.5, isFresh: true, port: 9000, seed: 'x', folder: '/x' });
  expect(readOptions([])).toMatchObject({ speed: 1, isFresh: false, port: 8000 });
  for (const args of [['--speed', '0'], ['--speed', 'fast'], ['--port', '70000'], ['--loud']])
    expect(() => readOptions(args)).toThrow(/npm run demo -- \[--speed N\]/);
});
