import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { sqliteFile } from '../../mikro-orm.config.ts';
import { Lead } from '../../src/store/entities/lead.ts';
import { isForeignKeyViolation, isUnavailable, isUniqueViolation } from '../../src/store/faults.ts';
import { openStore } from '../../src/store/open.ts';
import type { Tx } from '../../src/store/write.ts';
import { databases, hasSource } from '../support/desk.ts';
import { type Ground, hasContact, hasLead, noon, openGround } from './ground.ts';

/** What the work throws. */
async function faultOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('nothing went wrong');
}

const faultIn = ({ store }: Pick<Ground, 'store'>, work: (tx: Tx) => Promise<unknown>): Promise<unknown> =>
  faultOf(store.write(work));

describe.each(databases)('on %s', (database) => {
  test('a row that is there twice is a unique violation, by statement and by MikroORM', async () => {
    await using ground = await openGround(database);
    const id = await hasLead(ground, 'ann');
    const ann = { externalId: 'ann', createdAt: noon, updatedAt: noon };
    const nobody = { name: null, phone: null, email: null, language: null };

    const faults = [
      await faultIn(ground, (tx) => tx.sql.insert({ lead: [{ ...ann, ...nobody, id }] })),
      await faultIn(ground, async (tx) => {
        tx.em.create(Lead, ann);
        await tx.em.flush();
      }),
    ];

    expect(faults.map(isUniqueViolation)).toEqual([true, true]);
    expect(faults.map(isUnavailable)).toEqual([false, false]);
    expect(faults.map(isForeignKeyViolation)).toEqual([false, false]);
  });

  test('a row that names nobody, or that is still named, is a foreign key violation', async () => {
    await using ground = await openGround(database);
    const leadId = await hasLead(ground, 'ann');
    const sourceId = await hasSource(ground);
    await hasContact(ground, { leadId, sourceId });

    const faults = [
      await faultOf(hasContact(ground, { leadId, sourceId: 404 as typeof sourceId })),
      await faultIn(ground, (tx) => tx.em.nativeDelete(Lead, { id: leadId })),
    ];

    expect(faults.map(isForeignKeyViolation)).toEqual([true, true]);
    expect(faults.map(isUnavailable)).toEqual([false, false]);
    expect(faults.map(isUniqueViolation)).toEqual([false, false]);
  });

  test('a fault of our own is none of the database', async () => {
    await using ground = await openGround(database);

    const faults = [
      await faultIn(ground, (tx) => tx.em.execute('select * from no_such_table')),
      await faultIn(ground, () => Promise.reject(new TypeError('a bug'))),
      'a string',
      undefined,
    ];

    expect(faults.map(isUnavailable)).toEqual([false, false, false, false]);
    expect(faults.map(isUniqueViolation)).toEqual([false, false, false, false]);
    expect(faults.map(isForeignKeyViolation)).toEqual([false, false, false, false]);
  });
});

describe('on sqlite', () => {
  test('a file that somebody else writes to for too long is unavailable, and available after that', async () => {
    await using ground = await openGround('sqlite');
    const other = new Database(sqliteFile(ground.databaseUrl));
    other.exec('begin immediate');

    const fault = await faultOf(hasLead(ground, 'ann'));
    other.exec('rollback');
    other.close();

    expect(fault).toMatchObject({ code: 'SQLITE_BUSY' });
    expect(isUnavailable(fault)).toBe(true);
    await hasLead(ground, 'ann');
  });

  test('a full disk is unavailable, and what fitted stays', async () => {
    await using ground = await openGround('sqlite');
    await hasLead(ground, 'ann');
    const em = ground.store.em();
    const [{ page_count: pages }] = await em.execute<[{ page_count: number }]>('pragma page_count');
    await em.execute(`pragma max_page_count = ${pages}`);

    const fault = await faultOf(hasLead(ground, 'bob', { name: 'x'.repeat(100_000) }));

    expect(fault).toMatchObject({ code: 'SQLITE_FULL' });
    expect(isUnavailable(fault)).toBe(true);
    expect(await ground.store.em().count(Lead)).toBe(1);
  });

  test('a database that may not be written to is unavailable', async () => {
    await using ground = await openGround('sqlite');
    await ground.store.em().execute('pragma query_only = on');

    const fault = await faultOf(hasLead(ground, 'ann'));

    expect(fault).toMatchObject({ code: 'SQLITE_READONLY' });
    expect(isUnavailable(fault)).toBe(true);
  });
});

describe('on postgresql', () => {
  test('a connection that the server ends is unavailable, and the next one works', async () => {
    await using ground = await openGround('postgresql');

    const fault = await faultIn(ground, async (tx) => {
      const [{ pid }] = await tx.em.execute<[{ pid: number }]>('select pg_backend_pid() as pid');
      await ground.store.em().execute('select pg_terminate_backend(?)', [pid]);
      await tx.em.execute('select 1');
    });

    expect(isUnavailable(fault)).toBe(true);
    await hasLead(ground, 'ann');
  });

  test('a connection is lost in the words of the client too, whoever wraps them', async () => {
    const lost = [
      'Client has encountered a connection error and is not queryable',
      'Connection terminated unexpectedly',
      'select 1 - Connection terminated due to connection timeout',
      'timeout exceeded when trying to connect',
    ];

    expect(lost.map((words) => isUnavailable(new Error(words)))).toEqual(lost.map(() => true));
  });

  test('a lock that is not granted and a statement that takes too long are unavailable', async () => {
    await using ground = await openGround('postgresql');
    const leadId = await hasLead(ground, 'ann');
    const lock = `select 1 from lead where id = ${leadId} for update`;

    const faults = await ground.store.write(async (tx) => {
      await tx.em.execute(lock);
      return [
        await faultIn(ground, async (other) => {
          await other.em.execute(`set local lock_timeout = '10ms'`);
          await other.em.execute(lock);
        }),
        await faultIn(ground, async (other) => {
          await other.em.execute(`set local statement_timeout = '10ms'`);
          await other.em.execute(lock);
        }),
      ];
    });

    expect(faults.map(isUnavailable)).toEqual([true, true]);
  });

  test('a server that is not there, or hangs up, is unavailable', async () => {
    const hangsUp = createServer((socket: Socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(hangsUp, 'listening');
    const { port } = hangsUp.address() as AddressInfo;
    const open = (): Promise<unknown> =>
      faultOf(openStore({ databaseUrl: `postgresql://a:b@127.0.0.1:${port}/c`, onError: () => {} }));

    const hungUp = await open();
    hangsUp.close();
    await once(hangsUp, 'close');
    const notThere = await open();

    expect([hungUp, notThere].map(isUnavailable)).toEqual([true, true]);
  });
});
