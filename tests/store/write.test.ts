import { describe, expect, test } from 'vitest';
import { Lead } from '../../src/store/entities/lead.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import type { FeedEvent } from '../../src/store/feed.ts';
import type { Tx } from '../../src/store/write.ts';
import { databases, hasOperator } from '../support/desk.ts';
import { type Ground, noon, numbered, openGround, somebodyWaits } from './ground.ts';

async function makeLead(tx: Tx, externalId: string): Promise<void> {
  tx.em.create(Lead, { externalId, createdAt: noon, updatedAt: noon });
  await tx.em.flush();
}

const numbersOf = (events: FeedEvent[]): number[] => events.map((event) => event.operatorAfter!);

/** Collects what is told until `count` events came. */
function hears({ store }: Ground, count: number): Promise<FeedEvent[]> {
  const heard: FeedEvent[] = [];
  return new Promise((resolve) => {
    const stop = store.feed.subscribe((events) => {
      heard.push(...events);
      if (heard.length < count) return;
      stop();
      resolve(heard);
    });
  });
}

describe.each(databases)('a write transaction on %s', (database) => {
  test('that fails leaves nothing, tells nothing and does nothing after it', async () => {
    await using ground = await openGround(database);
    const heard = hears(ground, 1);
    const done: string[] = [];

    const failing = ground.store.write(async (tx) => {
      await makeLead(tx, 'ann');
      tx.events.push(numbered(1));
      tx.afterCommit(() => done.push('failed'));
      throw new Error('no');
    });

    await expect(failing).rejects.toThrow('no');
    await ground.store.write(async (tx) => {
      tx.events.push(numbered(2));
      tx.afterCommit(() => done.push('committed'));
    });
    expect(numbersOf(await heard)).toEqual([2]);
    expect(done).toEqual(['committed']);
    expect(await ground.store.em().count(Lead)).toBe(0);
    expect(numbersOf((await ground.store.feed.after('0.0', 10))!)).toEqual([2]);
  });

  test('that the database refuses in its middle leaves the gate open for the next', async () => {
    await using ground = await openGround(database);

    const failing = ground.store.write((tx) => tx.em.execute('select * from no_such_table'));

    await expect(failing).rejects.toThrow(/no_such_table/);
    await ground.store.write((tx) => makeLead(tx, 'ann'));
    expect(await ground.store.em().count(Lead)).toBe(1);
  });

  test('is over when its afterCommit tasks run, and they have run when it is answered', async () => {
    await using ground = await openGround(database);
    const steps: string[] = [];
    let visible: Promise<number> | undefined;

    await ground.store.write(async (tx) => {
      await makeLead(tx, 'ann');
      tx.afterCommit(() => {
        steps.push('after commit');
        visible = ground.store.em().count(Lead);
      });
      steps.push('work');
    });
    steps.push('answered');

    expect(steps).toEqual(['work', 'after commit', 'answered']);
    expect(await visible).toBe(1);
  });

  test('is told only when everybody can read it', async () => {
    await using ground = await openGround(database);
    const seen = new Promise<number>((resolve) => {
      ground.store.feed.subscribe(() => resolve(ground.store.em().count(Lead)));
    });

    await ground.store.write(async (tx) => {
      tx.events.push(numbered(1));
      await makeLead(tx, 'ann');
    });

    expect(await seen).toBe(1);
  });

  test('is told in the order of commits, its own events in the order in which they happened', async () => {
    await using ground = await openGround(database);
    const heard = hears(ground, 30);

    for (let n = 1; n <= 30; n += 3)
      await ground.store.write(async (tx) => {
        tx.events.push(numbered(n), numbered(n + 1), numbered(n + 2));
      });

    expect(numbersOf(await heard)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  test('is told to every listener, whatever another one throws', async () => {
    await using ground = await openGround(database);
    ground.store.feed.subscribe(() => {
      throw new Error('deaf');
    });
    const heard = hears(ground, 2);

    for (const n of [1, 2])
      await ground.store.write(async (tx) => {
        tx.events.push(numbered(n));
      });

    expect(numbersOf(await heard)).toEqual([1, 2]);
    expect(ground.faults.map(String)).toEqual(expect.arrayContaining(['Error: deaf']));
  });

  test('reads what it wrote before, by statements and by MikroORM alike', async () => {
    await using ground = await openGround(database);

    const found = await ground.store.write(async (tx) => {
      await makeLead(tx, 'by MikroORM');
      const id = (await tx.sql.reserveIds({ lead: 1 })).lead[0]!;
      const nobody = {
        name: null,
        phone: null,
        email: null,
        language: null,
        createdAt: noon,
        updatedAt: noon,
      };
      await tx.sql.insert({ lead: [{ id, externalId: 'by statement', ...nobody }] });
      const [byStatement] = await tx.sql.lockLeads(['by MikroORM']);
      const byMikroOrm = await tx.em.findOneOrFail(Lead, { externalId: 'by statement' });
      return [byStatement!.externalId, byMikroOrm.externalId];
    });

    expect(found).toEqual(['by MikroORM', 'by statement']);
  });

  test('has a number of its own that rises', async () => {
    await using ground = await openGround(database);

    const serials: number[] = [];
    for (let n = 0; n < 3; n++) serials.push(await ground.store.write(async (tx) => tx.serial));

    expect(serials.map((serial) => serial - serials[0]!)).toEqual([0, 1, 2]);
  });
});

describe('on sqlite', () => {
  test('a transaction that COMMIT refuses is rolled back, and the gate is open for the next', async () => {
    await using ground = await openGround('sqlite');
    const heard = hears(ground, 1);

    const failing = ground.store.write(async (tx) => {
      await tx.em.execute('pragma defer_foreign_keys = on');
      await tx.em.execute(`insert into lead_alias (external_id, lead_id) values ('nobody', 404)`);
      tx.events.push(numbered(1));
    });

    await expect(failing).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
    await ground.store.write(async (tx) => {
      tx.events.push(numbered(2));
    });
    expect(numbersOf(await heard)).toEqual([2]);
  });

  test('writers that come at the same time go one by one, in the order in which they came', async () => {
    await using ground = await openGround('sqlite');
    const steps: string[] = [];

    await Promise.all(
      [1, 2, 3].map((n) =>
        ground.store.write(async (tx) => {
          steps.push(`${n} begins`);
          await makeLead(tx, `lead ${n}`);
          steps.push(`${n} ends`);
        }),
      ),
    );

    expect(steps).toEqual([1, 2, 3].flatMap((n) => [`${n} begins`, `${n} ends`]));
  });
});

describe('on postgresql', () => {
  test('two writers that wait for each other both get through', async () => {
    await using ground = await openGround('postgresql');
    const [ann, bob] = [await hasOperator(ground), await hasOperator(ground)];
    const raise = async (tx: Tx, id: typeof ann): Promise<unknown> =>
      tx.em.execute('update operator set load = load + 1 where id = ?', [id]);
    let second: Promise<void> | undefined;
    const circle = async (tx: Tx): Promise<void> => {
      await raise(tx, bob);
      await raise(tx, ann);
    };

    await ground.store.write(async (tx) => {
      await raise(tx, ann);
      second ??= ground.store.write(circle);
      // Whoever of the two is refused: when it runs again nobody waits for it.
      if (!tx.isRepeated) await somebodyWaits(ground);
      await raise(tx, bob);
    });
    await second;

    const operators = await ground.store.em().find(Operator, {});
    expect(operators.map(({ load }) => load)).toEqual([2, 2]);
  });
});
