import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import type { QueuedRow, QueuePlace, RoutingFacts } from '../../src/store/dialect.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import { SourceOperator } from '../../src/store/entities/source-operator.ts';
import { databases, hasOperator, hasSource } from '../support/desk.ts';
import { type Ground, hasContact, hasLead, noon, openGround, somebodyWaits } from './ground.ts';

const at = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000);
const idsOf = (rows: QueuedRow[]): ContactId[] => rows.map((row) => row.id);

/** Waiting contacts of a source, in the order in which they are named; each with the minute of its age. */
async function waiting(ground: Ground, sourceId: SourceId, ...minutes: number[]): Promise<ContactId[]> {
  const leadId = await hasLead(ground, `lead of ${sourceId} at ${minutes.join()}`);
  const ids: ContactId[] = [];
  for (const minute of minutes)
    ids.push(await hasContact(ground, { leadId, sourceId, createdAt: at(minute) }));
  return ids;
}

describe.each(databases)('the statements about queues on %s', (database) => {
  test('a queue is the waiting contacts of its sources, oldest first, and of equal age by id', async () => {
    await using ground = await openGround(database);
    const [one, two, other] = [await hasSource(ground), await hasSource(ground), await hasSource(ground)];
    const [a, b, c] = await waiting(ground, one, 3, 1, 3);
    const [d] = await waiting(ground, two, 2);
    await waiting(ground, other, 0);
    const leadId = await hasLead(ground, 'ann');
    await hasContact(ground, { leadId, sourceId: one, status: 'closed', createdAt: at(0) });

    const queue = await ground.store.write((tx) => tx.sql.lockQueue([one, two], 10));

    expect(idsOf(queue)).toEqual([b, d, a, c]);
    expect(queue[0]).toEqual({
      id: b,
      leadId: expect.any(Number),
      sourceId: one,
      priority: 0,
      createdAt: at(1).getTime(),
      attempt: 1,
      releasedBy: null,
      releasedAt: null,
      declined: null,
    });
  });

  test('a queue is read piece by piece without a gap or a repeat', async () => {
    await using ground = await openGround(database);
    const [one, two] = [await hasSource(ground), await hasSource(ground)];
    const [a, b, c] = await waiting(ground, one, 1, 2, 2);
    const [d, e] = await waiting(ground, two, 2, 3);

    const pieces = await ground.store.write(async (tx) => {
      const first = await tx.sql.lockQueue([one, two], 2);
      const second = await tx.sql.lockQueue([one, two], 2, first.at(-1));
      return [first, second, await tx.sql.lockQueue([one, two], 2, second.at(-1))];
    });

    expect(pieces.map(idsOf)).toEqual([[a, b], [c, d], [e]]);
  });

  test('a source of a higher priority goes first, and is read piece by piece all the same', async () => {
    await using ground = await openGround(database);
    const sources = [
      await hasSource(ground, { priority: 1 }),
      await hasSource(ground),
      await hasSource(ground, { priority: 1 }),
      await hasSource(ground, { priority: 7 }),
    ];
    const [a, b] = await waiting(ground, sources[0]!, 4, 6);
    const [c, d] = await waiting(ground, sources[1]!, 1, 2);
    const [e] = await waiting(ground, sources[2]!, 5);
    const [f] = await waiting(ground, sources[3]!, 9);

    const pieces: (ContactId | undefined)[][] = [];
    await ground.store.write(async (tx) => {
      let last: QueuePlace | null = null;
      for (;;) {
        const rows: QueuedRow[] = await tx.sql.lockQueue(sources, 2, last);
        if (rows.length === 0) return;
        pieces.push(idsOf(rows));
        last = rows.at(-1)!;
      }
    });

    expect(pieces).toEqual([
      [f, a],
      [e, b],
      [c, d],
    ]);
  });

  test('a writer that waited for another one sees the queue behind what that one gave out', async () => {
    await using ground = await openGround(database);
    const source = await hasSource(ground);
    const operatorId = await hasOperator(ground);
    const [a, b, c, d] = await waiting(ground, source, 1, 2, 3, 4);
    const giveTwo = (meanwhile?: () => Promise<void>): Promise<ContactId[]> =>
      ground.store.write(async (tx) => {
        const queue = idsOf(await tx.sql.lockQueue([source], 2));
        await meanwhile?.();
        await tx.sql.assignQueued(
          queue.map((contactId) => ({ contactId, operatorId, offerExpiresAt: null })),
          noon,
        );
        return queue;
      });
    let second: Promise<ContactId[]> | undefined;

    const first = await giveTwo(() => {
      second = giveTwo();
      return somebodyWaits(ground);
    });

    expect([first, await second]).toEqual([
      [a, b],
      [c, d],
    ]);
  });

  test('who released a contact and when is told with it', async () => {
    await using ground = await openGround(database);
    const sourceId = await hasSource(ground);
    const operator = await hasOperator(ground);
    const [id] = await waiting(ground, sourceId, 1);
    await ground.store.write((tx) =>
      tx.em.nativeUpdate(Contact, { id: id! }, { releasedBy: operator, releasedAt: at(5) }),
    );

    const queue = await ground.store.write((tx) => tx.sql.lockQueue([sourceId], 10));

    expect(queue).toMatchObject([{ id, releasedBy: operator, releasedAt: at(5).getTime() }]);
  });

  test('a source has capacity when somebody on it could get a contact now', async () => {
    await using ground = await openGround(database);
    const sources = {
      free: await hasSource(ground),
      full: await hasSource(ground),
      excluded: await hasSource(ground),
      absent: await hasSource(ground),
      off: await hasSource(ground, { isActive: false }),
      wantsPresence: await hasSource(ground, { requirePresence: true }),
      hasPresence: await hasSource(ground, { requirePresence: true }),
      empty: await hasSource(ground),
    };
    await hasOperator(ground, {
      on: { [sources.free]: 1, [sources.excluded]: 0, [sources.off]: 1, [sources.wantsPresence]: 1 },
    });
    await hasOperator(ground, { maxLoad: 0, on: { [sources.full]: 1 } });
    await hasOperator(ground, { isActive: false, on: { [sources.absent]: 1 } });
    await hasOperator(ground, { availability: 'finishing', on: { [sources.absent]: 1 } });
    await hasOperator(ground, { isOnline: true, on: { [sources.hasPresence]: 1 } });

    const found = await ground.store.write((tx) => tx.sql.withCapacity(Object.values(sources)));

    expect(found.sort((x, y) => x - y)).toEqual([sources.free, sources.hasPresence]);
  });

  test('what routing needs is told of these sources, their operators, and the operators named', async () => {
    await using ground = await openGround(database);
    const words = { callbackUrl: 'https://example.org/', greeting: 'Hello', greetings: { ru: 'Привет' } };
    const rules = {
      requirePresence: true,
      returnPolicy: 'prefer_last',
      offerSeconds: 5,
      priority: 2,
    } as const;
    const sourceId = await hasSource(ground, { kind: 'webhook', ...rules, ...words });
    const ann = await hasOperator(ground, { name: 'Ann', maxLoad: 3, isOnline: true, on: { [sourceId]: 0 } });
    const bob = await hasOperator(ground, { name: 'Bob', isActive: false, availability: 'paused' });
    await hasOperator(ground);

    const facts = await ground.store.write((tx) => tx.sql.routingFacts([sourceId], [bob]));

    expect(facts).toEqual({
      configVersion: 1,
      sources: [
        {
          id: sourceId,
          code: expect.any(String),
          name: expect.any(String),
          kind: 'webhook',
          memory: null,
          mayWait: database === 'sqlite',
          isActive: true,
          strategy: 'weighted_random',
          ...rules,
          ...words,
        },
      ],
      weights: [{ sourceId, operatorId: ann, weight: 0 }],
      operators: [
        {
          id: ann,
          name: 'Ann',
          isActive: true,
          availability: 'available',
          isOnline: true,
          load: 0,
          maxLoad: 3,
        },
        {
          id: bob,
          name: 'Bob',
          isActive: false,
          availability: 'paused',
          isOnline: false,
          load: 0,
          maxLoad: 10,
        },
      ],
    });
  });

  test('what strategies keep comes back as it was, and takes the place of what was there', async () => {
    await using ground = await openGround(database);
    const [one, other] = [await hasSource(ground), await hasSource(ground)];
    const ann = await hasOperator(ground, { on: { [one]: 1, [other]: 1 } });
    const memoryOf = (facts: RoutingFacts) => facts.sources.map(({ id, memory }) => [id, memory]);

    await ground.store.write((tx) => tx.sql.keepMemory([{ sourceId: one, turn: 1, marks: [[ann, 7]] }]));
    await ground.store.write((tx) =>
      tx.sql.keepMemory([
        { sourceId: other, turn: 0, marks: [] },
        { sourceId: one, turn: 0.1 + 0.2, marks: [[ann, -1 / 3]] },
      ]),
    );

    const facts = await ground.store.write((tx) => tx.sql.routingFacts([one, other], []));
    expect(memoryOf(facts)).toEqual([
      [one, { turn: 0.1 + 0.2, marks: [[ann, -1 / 3]] }],
      [other, { turn: 0, marks: [] }],
    ]);
  });

  test('whoever has a weight is told of, though the weight was set while the operators were waited for', async () => {
    await using ground = await openGround(database);
    const sourceId = await hasSource(ground);
    const ann = await hasOperator(ground, { on: { [sourceId]: 1 } });
    const bob = await hasOperator(ground);
    let facts: Promise<RoutingFacts> | undefined;

    await ground.store.write(async (tx) => {
      await tx.em.nativeUpdate(Operator, { id: ann }, { maxLoad: 11 });
      facts ??= ground.store.write((other) => other.sql.routingFacts([sourceId], []));
      await somebodyWaits(ground);
      await tx.em.insert(SourceOperator, { source: sourceId, operator: bob, weight: 2 });
    });

    expect((await facts)?.weights.map(({ operatorId }) => operatorId)).toEqual([ann, bob]);
    expect((await facts)?.operators).toMatchObject([{ id: ann, maxLoad: 11 }, { id: bob }]);
  });

  test('the sources of operators are those where one of them has a weight above 0', async () => {
    await using ground = await openGround(database);
    const [one, two, three] = [await hasSource(ground), await hasSource(ground), await hasSource(ground)];
    const ann = await hasOperator(ground, { on: { [one]: 1, [two]: 0 } });
    const bob = await hasOperator(ground, { on: { [one]: 1, [three]: 5 } });

    const found = await ground.store.write(async (tx) => [
      await tx.sql.sourcesOf([ann]),
      await tx.sql.sourcesOf([ann, bob]),
      await tx.sql.sourcesOf([]),
    ]);

    expect(found).toEqual([[one], [one, three], []]);
  });

  test('loads move up to the cap and down to 0, and the answer tells how many did', async () => {
    await using ground = await openGround(database);
    const [ann, bob, carl] = [
      await hasOperator(ground, { maxLoad: 2, load: 1 }),
      await hasOperator(ground, { maxLoad: 2, load: 2 }),
      await hasOperator(ground, { maxLoad: 1, load: 3 }),
    ];
    const move = (deltas: [OperatorId, number][]) =>
      ground.store.write((tx) => tx.sql.moveLoads(new Map(deltas)));

    const moved = [
      await move([
        [ann, 1],
        [bob, 1],
      ]),
      await move([[ann, 1]]),
      await move([
        [ann, -2],
        [carl, -1],
      ]),
      await move([[ann, -1]]),
      await move([]),
    ];

    expect(moved).toEqual([1, 0, 2, 0, 0]);
    const operators = await ground.store.em().find(Operator, {}, { orderBy: { id: 'asc' } });
    expect(operators.map(({ load }) => load)).toEqual([0, 2, 2]);
  });

  test('a waiting contact that is given to an operator forgets who released it', async () => {
    await using ground = await openGround(database);
    const sourceId = await hasSource(ground);
    const [ann, bob] = [await hasOperator(ground), await hasOperator(ground)];
    const [id, other] = await waiting(ground, sourceId, 1, 2);
    await ground.store.write((tx) =>
      tx.em.nativeUpdate(Contact, { id: id! }, { releasedBy: bob, releasedAt: at(5) }),
    );

    await ground.store.write((tx) =>
      tx.sql.assignQueued([{ contactId: id!, operatorId: ann, offerExpiresAt: null }], at(7)),
    );

    const contacts = await ground.store.em().find(Contact, {}, { orderBy: { id: 'asc' } });
    expect(contacts[0]).toMatchObject({
      status: 'assigned',
      operator: { id: ann },
      assignedAt: at(7),
      releasedBy: null,
      releasedAt: null,
      attempt: 2,
      version: 2,
    });
    expect(contacts[1]).toMatchObject({ id: other, status: 'waiting', attempt: 1, version: 1 });
  });
});
