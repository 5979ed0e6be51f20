import Database from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import type { CompiledQuery, Kysely } from 'kysely';
import { sqliteFile } from '../../mikro-orm.config.ts';
import type { ContactId, LeadId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import type { Statements } from '../../src/store/dialect.ts';
import { isFollowable, newestPosition, readEvents, type Rows } from '../../src/store/feed-rows.ts';
import { postgresStatements } from '../../src/store/postgresql.ts';
import { sqliteStatements } from '../../src/store/sqlite.ts';
import { noon, openGround } from './ground.ts';

const sources = [1, 2] as SourceId[];
const key = { sourceId: 1 as SourceId, externalId: '1' };
const pair = { leadId: 1 as LeadId, sourceId: 1 as SourceId };
const contactId = 1 as ContactId;
const operatorId = 1 as OperatorId;
const nobody = { name: null, phone: null, email: null, language: null };

/** Every statement of the hot road once. */
async function runAll(sql: Statements): Promise<void> {
  await sql.seenMessages([key]);
  await sql.takeEarlyEdits([key]);
  await sql.usedKeys([{ credential: 'token:1', key: 'k' }]);
  await sql.dropKeys([{ credential: 'token:1', key: 'k' }], noon);
  await sql.lockLeads(['ann']);
  await sql.holdLeads([{ ...nobody, externalId: 'bob', createdAt: noon, updatedAt: noon }]);
  await sql.fillLeads([{ id: 1 as LeadId, name: 'Ann', phone: null, email: null, language: 'en', at: noon }]);
  await sql.lockOpenContacts([pair]);
  await sql.lastOperators([pair]);
  await sql.readContacts([contactId]);
  await sql.lockReopenable([pair], noon);
  await sql.lockContacts([contactId]);
  await sql.lockQueue(sources, 256);
  await sql.lockQueue(sources, 256, { priority: 0, createdAt: 0, id: contactId });
  await sql.withCapacity(sources);
  await sql.routingFacts(sources, [operatorId]);
  await sql.outlook(sources, { contact: 1 });
  await sql.sourcesOf([operatorId]);
  await sql.moveLoads(new Map([[operatorId, 1]]));
  await sql.assignQueued([{ contactId, operatorId, offerExpiresAt: null }], noon);
  await sql.lockPlacesDue({ sourceId: sources[0]!, needsChat: true, languages: ['ru'] }, 128);
  await sql.notePlaces([{ contactId, place: 1 }]);
  await sql.noteLastWords([{ contactId, text: 'hi', author: 'lead', at: noon, chat: null }]);
}

/** What the feed asks for, on either database. */
async function readFeed(table: Omit<Rows, 'horizon'>): Promise<void> {
  const rows: Rows = { ...table, horizon: 'true' };
  await newestPosition(rows);
  await isFollowable(rows, { xid: 0, id: 5 });
  await readEvents(rows, { xid: 0, id: 5 }, 1000);
}

describe('on sqlite', () => {
  test('no hot statement reads a whole table', async () => {
    await using ground = await openGround('sqlite');
    await ground.store[Symbol.asyncDispose]();
    using db = disposable(new Database(sqliteFile(ground.databaseUrl)));
    const asked = new Set<string>();
    const note = (sql: string): Database.Statement => {
      asked.add(sql);
      return db.prepare(sql);
    };

    await runAll(sqliteStatements({ prepare: note, pragma: () => 0 } as unknown as Database.Database));
    await readFeed({
      client: recording(async (sql) => void asked.add(sql)),
      order: ['id'],
      parameter: () => '?',
    });

    // What a subquery answers is no table; that of the ids has one row for each other table.
    const whole = /^SCAN (?!json_each|q$|sqlite_sequence$|\(subquery-\d+\)$)/;
    const plans = [...asked].map((sql) => ({ sql, steps: planOf(db, sql) }));
    expect(plans.length).toBeGreaterThan(18);
    // The newest event stands at the end of the table: that scan ends with its first row.
    const newest = plans.findIndex(({ sql }) => /from event .*order by id desc limit 1$/.test(sql));
    expect(plans.splice(newest, 1)[0]!.steps).toEqual(['SCAN event']);
    expect(plans.filter(({ steps }) => steps.some((step) => whole.test(step)))).toEqual([]);
  });

  test('a queue is read in its own order: nothing is sorted, and no more is read than asked for', async () => {
    await using ground = await openGround('sqlite');
    await ground.store[Symbol.asyncDispose]();
    using db = disposable(new Database(sqliteFile(ground.databaseUrl)));
    const asked: string[] = [];
    const note = (sql: string): Database.Statement => {
      asked.push(sql);
      return db.prepare(sql);
    };

    await sqliteStatements({ prepare: note } as unknown as Database.Database).lockQueue(sources, 256);

    expect(asked.flatMap((sql) => planOf(db, sql))).toEqual([
      expect.stringMatching(/^SEARCH source USING INTEGER PRIMARY KEY /),
      expect.stringMatching(/^SEARCH contact USING INDEX contact_queue /),
    ]);
  });
});

describe('on postgresql', () => {
  test('no hot statement reads a whole table', async () => {
    await using ground = await openGround('postgresql');
    const client = new pg.Client({ connectionString: ground.databaseUrl });
    await client.connect();
    await using _ = { [Symbol.asyncDispose]: () => client.end() };
    const asked: { sql: string; params: unknown[] }[] = [];
    const run = recording(async (sql, params) => {
      asked.push({ sql, params });
      return client.query(sql, params);
    });

    await runAll(postgresStatements(run));
    await readFeed({ client: run, order: ['xid', 'id'], parameter: (n) => `$${n}::int8` });

    // In an empty database reading all of a table is cheapest; what is left of that now has no other way.
    await client.query('set enable_seqscan = off');
    const whole = /Seq Scan on (contact|message|event|lead|idempotency_key|early_edit|operator|source)\b/;
    const plans: { sql: string; steps: string[] }[] = [];
    for (const { sql, params } of asked) {
      const { rows } = await client.query<Record<string, string>>(`explain ${sql}`, params);
      plans.push({ sql, steps: rows.map((row) => row['QUERY PLAN']!) });
    }
    expect(plans.length).toBeGreaterThan(18);
    expect(plans.filter(({ steps }) => steps.some((step) => whole.test(step)))).toEqual([]);
  });
});

function planOf(db: Database.Database, sql: string): string[] {
  const params = Array.from(sql.matchAll(/\?/g), () => null);
  const steps = db.prepare(`explain query plan ${sql}`).all(params) as { detail: string }[];
  return steps.map((step) => step.detail);
}

function disposable<T extends { close(): unknown }>(thing: T): T & Disposable {
  return Object.assign(thing, { [Symbol.dispose]: () => void thing.close() });
}

type Answer = { rows: unknown[]; rowCount?: number | null } | void;

/** What `Kysely` is to the statements: it runs compiled queries. */
function recording(run: (sql: string, params: unknown[]) => Promise<Answer>): Kysely<unknown> {
  const executeQuery = async ({ sql, parameters }: CompiledQuery) => {
    const answer = (await run(sql, [...parameters])) ?? { rows: [] };
    return { rows: answer.rows, numAffectedRows: BigInt(answer.rowCount ?? 0) };
  };
  return { executeQuery } as unknown as Kysely<unknown>;
}
