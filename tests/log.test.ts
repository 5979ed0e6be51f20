import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openArrivals } from '../src/desk/arrivals.ts';
import { type Log, openLog, whileAnswering } from '../src/log.ts';

type Line = { msg: string; request_id?: string; err?: Record<string, unknown> };

function openTestLog(): { log: Log; lines: Line[]; text: () => string } {
  const written: string[] = [];
  const lines: Line[] = [];
  const log = openLog('debug', {
    write(line: string) {
      written.push(line);
      lines.push(JSON.parse(line) as Line);
    },
  });
  return { log, lines, text: () => written.join('') };
}

test('a line that is logged while a request is answered carries its id, through whatever it awaits', async () => {
  const { log, lines } = openTestLog();
  const answer = async (id: string): Promise<void> => {
    await nextTurn();
    log.info(`in ${id}`);
  };

  log.info('before');
  await Promise.all(['one', 'two'].map((id) => whileAnswering(id, () => answer(id))));
  log.info('after');

  expect(lines.map(({ msg, request_id }) => [msg, request_id])).toEqual([
    ['before', undefined],
    ['in one', 'one'],
    ['in two', 'two'],
    ['after', undefined],
  ]);
});

test('what a request has set going is not the request’s any more when that is answered', async () => {
  const { log, lines } = openTestLog();
  const answered = Promise.withResolvers<void>();
  const work = async (): Promise<void> => {
    log.info('begun');
    await answered.promise;
    log.info('went on');
  };

  let going = Promise.resolve();
  await whileAnswering('one', async () => {
    going = work();
  });
  answered.resolve();
  await going;

  expect(lines).toMatchObject([{ msg: 'begun', request_id: 'one' }, { msg: 'went on' }]);
  expect(lines[1]).not.toHaveProperty('request_id');
});

test('what is logged of a batch carries the id of none of its requests', async () => {
  const { log, lines } = openTestLog();
  const arrivals = openArrivals<string, string>({
    async commit(items) {
      log.warn(`committing ${items.length}`);
      return items;
    },
    poison: async (item) => item,
  });

  await Promise.all(['one', 'two'].map((id) => whileAnswering(id, () => arrivals.submit(id))));

  expect(lines).toMatchObject([{ msg: 'committing 2' }]);
  expect(lines[0]).not.toHaveProperty('request_id');
});

test('of an error its words, its code and its place are kept, and nothing that the database showed of a row', () => {
  const { log, lines, text } = openTestLog();
  const words = 'duplicate key\n - detail: Key (phone)=(+7999\n1234567) already exists.';
  const error = Object.assign(new Error(words), {
    code: '23505',
    detail: 'Key (phone)=(+7999\n1234567)',
    payload: { text: 'a reply' },
  });

  log.error({ err: error }, 'a request failed');
  log.error({ err: new Error('it did not work', { cause: error }) }, 'a request failed');

  expect(lines[0]!.err).toMatchObject({ type: 'Error', code: '23505', message: 'duplicate key' });
  expect(lines[1]!.err).toMatchObject({ message: 'it did not work: duplicate key' });
  expect(lines[1]!.err?.['stack']).toContain('log.test.ts');
  expect(text()).not.toMatch(/1234567|a reply/);
});
