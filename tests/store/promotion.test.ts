import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freshFolder } from '../support/http.ts';

const script = fileURLToPath(new URL('much-written.ts', import.meta.url));
const flags = ['--max-semi-space-size=8', '--no-allocation-site-pretenuring', '--trace-gc-nvp'];

test('what a transaction held is gone with the next small collection: none of it waits for a full one', async () => {
  await using folder = await freshFolder();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, script, `sqlite:${join(folder.path, 'leadgate.db')}`],
    { maxBuffer: 2 ** 26 },
  );

  const small = stdout.split('\n').filter((line) => line.includes(' gc=s '));
  const sumOf = (name: string): number =>
    small.slice(-10).reduce((sum, line) => sum + Number(new RegExp(` ${name}=(\\d+)`).exec(line)![1]), 0);
  expect(small.length).toBeGreaterThan(15);
  expect(sumOf('promoted')).toBeLessThan(sumOf('start_object_size') / 100);
});
