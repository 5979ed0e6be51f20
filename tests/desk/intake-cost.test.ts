import { describe, expect, test } from 'vitest';
import type { SourceId } from '../../src/contract/ids.ts';
import { commitBatch } from '../../src/desk/intake/commit-batch.ts';
import type { Statements } from '../../src/store/dialect.ts';
import { tablesOf } from '../../src/store/shapes.ts';
import type { Write } from '../../src/store/write.ts';
import { databases, hasSource, openTestDesk, type TestDesk, writes } from '../support/desk.ts';
import { withOthers } from '../support/with-others.ts';

const greeting = 'Welcome!';
const greetings = { ru: 'Здравствуйте!' };
const nobody = { name: null, phone: null, email: null, language: null };

/** What committing a message asks of the database, one entry for each statement. */
async function asksFor(desk: TestDesk, sourceId: SourceId, externalId: string): Promise<string[]> {
  const asked: string[] = [];
  const noting = (sql: Statements): Statements =>
    new Proxy(sql, {
      get:
        (all, name: keyof Statements) =>
        (...args: unknown[]) => {
          const isEmpty = Array.isArray(args.at(-1)) && (args.at(-1) as unknown[]).length === 0;
          if (!isEmpty) asked.push(name);
          return (all[name] as (...given: unknown[]) => unknown)(...args);
        },
    });
  const write: Write = (work) =>
    desk.store.write((tx) => {
      const atEnd: typeof tx.atEnd = (ending) => {
        asked.push(...tablesOf(ending.rows).map((table) => `insert ${table}`));
        tx.atEnd(ending);
      };
      return work(withOthers(tx, { sql: noting(tx.sql), atEnd }));
    });
  const lead = { ...nobody, externalId };
  const content = { text: 'hello', attachments: [], sentAt: null, replyTo: null, raw: null };
  const arrival = { sourceId, externalId: null, chat: externalId, lead, ...content };
  await commitBatch({ ...desk, store: { ...desk.store, write } }, [{ kind: 'message', arrival }]);
  return asked;
}

describe.each(databases)('on %s', (database) => {
  test('where no greeting is due nothing more is asked of the database', async () => {
    await using desk = await openTestDesk(database);
    const quiet = await hasSource(desk, { kind: 'telegram' });
    const bot = await hasSource(desk, { kind: 'telegram', greeting, greetings });
    for (const source of [quiet, bot]) await writes(desk, source, 'tg:1', { chat: '1' });

    const [ofQuiet, greeted] = [await asksFor(desk, quiet, 'tg:2'), await asksFor(desk, bot, 'tg:3')];
    const known = [await asksFor(desk, quiet, 'tg:1'), await asksFor(desk, bot, 'tg:1')];

    expect(greeted.toSorted()).toEqual([...ofQuiet, 'insert delivery', 'reserveIds'].toSorted());
    expect(known[1]).toEqual(known[0]);
    // What is asked one after the other: on PostgreSQL each is a round trip, and what is inserted goes out with COMMIT.
    const written = ['insert contact', 'insert message', 'insert decision'];
    const decidedBy = database === 'sqlite' ? 'reserveIds' : 'outlook';
    expect(ofQuiet.filter((name) => name !== 'foreignWrites')).toEqual(['holdLeads', decidedBy, ...written]);
  });
});
