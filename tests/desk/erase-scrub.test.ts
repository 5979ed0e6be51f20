import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sqliteFile } from '../../mikro-orm.config.ts';
import { eraseLead } from '../../src/desk/erase-lead.ts';
import { openLog } from '../../src/log.ts';
import { admin, hasSource, openTestDesk, writes } from '../support/desk.ts';

test('an erasure whose words stay in the write-ahead log says so', async () => {
  await using desk = await openTestDesk('sqlite');
  const source = await hasSource(desk);
  const { leadId } = await writes(desk, source, 'zoe');
  const reader = new Database(sqliteFile(desk.databaseUrl), { readonly: true });
  reader.exec('begin');
  reader.prepare('select * from lead').all();
  const lines = new PassThrough();
  const said = once(lines, 'data');

  await eraseLead({ ...desk, log: openLog('warn', lines) }, admin, leadId!);
  reader.close();

  const [line] = (await said) as [Buffer];
  expect(JSON.parse(line.toString())).toMatchObject({
    level: 40,
    msg: 'erased words may still stand in the write-ahead log: somebody reads the database all the time',
  });
});
