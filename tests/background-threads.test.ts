import { readdir, readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import { freshDatabase } from './support/desk.ts';
import { startGateway } from './support/gateway.ts';

/** The threads of a process by name, with their niceness: the 19th field of proc_pid_stat(5). */
async function threadsOf(pid: number): Promise<{ name: string; nice: number }[]> {
  const ids = await readdir(`/proc/${pid}/task`);
  return Promise.all(
    ids.map(async (id) => {
      const stat = await readFile(`/proc/${pid}/task/${id}/stat`, 'utf8');
      const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(stat)!;
      return { name: name!, nice: Number(rest!.split(' ')[16]) };
    }),
  );
}

test('threads on which V8 works for itself step back behind the one that answers', async () => {
  await using database = await freshDatabase('sqlite');
  await using gateway = await startGateway({ DATABASE_URL: database.url, LOG_LEVEL: 'silent' });

  const threads = await threadsOf(gateway.child.pid!);

  const own = getPriority();
  const workers = threads.filter(({ name }) => name === 'V8Worker');
  expect(workers.length).toBeGreaterThan(0);
  expect(workers.filter(({ nice }) => nice !== 19)).toEqual([]);
  expect(threads.filter(({ name, nice }) => name !== 'V8Worker' && nice !== own)).toEqual([]);
});
