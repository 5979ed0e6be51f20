import { describe, expect, test } from 'vitest';
import type { OperatorId } from '../../src/contract/ids.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { Message } from '../../src/store/entities/message.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  movesOf,
  openTestDesk,
  opens,
  supervisor,
  waits,
} from '../support/desk.ts';

const paused = 'paused' as const;

describe.each(databases)('on %s', (database) => {
  test('a supervisor assigns a waiting contact to whoever has a free seat', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const { id } = await waits(desk, source);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });

    const assigned = await assignContact(desk, supervisor, id, { operator_id: ann });

    expect(assigned).toMatchObject({ status: 'assigned', operator_id: ann, version: 2 });
    expect((await movesOf(desk, id)).at(-1)).toBe(`assigned - → ${ann} by token:environment: assigned`);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('an operator transfers its own contact, and its seat goes to the oldest who waits', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'mine');
    const [older, younger] = [await waits(desk, source, 'older'), await waits(desk, source, 'younger')];
    const bob = await hasOperator(desk, { maxLoad: 1 });
    await desk.store.write((tx) =>
      tx.em.execute('insert into source_operator (source_id, operator_id, weight) values (?, ?, 1)', [
        source,
        bob,
      ]),
    );

    const moved = await assignContact(desk, actingAs(ann), id, { operator_id: bob });

    expect(moved).toMatchObject({ status: 'assigned', operator_id: bob });
    expect((await movesOf(desk, id)).at(-1)).toBe(`assigned ${ann} → ${bob} by operator:${ann}: transferred`);
    expect(await getContact(desk, admin, older.id)).toMatchObject({ operator_id: ann });
    expect(await getContact(desk, admin, younger.id)).toMatchObject({ status: 'waiting' });
    expect(await loadsOf(desk)).toMatchObject([
      { id: ann, load: 1, counted: 1 },
      { id: bob, load: 1, counted: 1 },
    ]);
  });

  test('nobody is given more than the cap, by whomever', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    await opens(desk, source, 'first');
    const { id } = await waits(desk, source, 'second');

    const assign = assignContact(desk, admin, id, { operator_id: ann, note: 'please' });

    await expect(assign).rejects.toMatchObject({ code: 'operator-full' });
    expect(await getContact(desk, admin, id)).toMatchObject({ status: 'waiting', version: 1 });
    expect(await desk.store.em().count(Message)).toBe(0);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('of many that are assigned to one seat at once one gets it', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const contacts = [];
    for (let n = 0; n < 6; n++) contacts.push(await waits(desk, source, `lead ${n}`));
    const ann = await hasOperator(desk, { maxLoad: 1 });

    const outcomes = await Promise.allSettled(
      contacts.map(({ id }) => assignContact(desk, admin, id, { operator_id: ann })),
    );

    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(
      Array.from({ length: 5 }, () => 'operator-full'),
    );
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('two operators that transfer to each other at once both keep their caps', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const [ann, bob] = [
      await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } }),
      await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } }),
    ];
    const held: Record<number, number[]> = { [ann]: [], [bob]: [] };
    for (let n = 0; n < 4; n++) {
      const contact = await opens(desk, source, `lead ${n}`);
      held[contact.operator_id!]!.push(contact.id);
    }
    const give = (id: number | undefined, from: OperatorId, to: OperatorId): Promise<unknown> =>
      assignContact(desk, actingAs(from), id as never, { operator_id: to });

    await Promise.allSettled([give(held[ann]![0], ann, bob), give(held[bob]![0], bob, ann)]);

    for (const { load, counted, maxLoad } of await loadsOf(desk)) {
      expect(load).toBe(counted);
      expect(load).toBeLessThanOrEqual(maxLoad);
    }
  });

  test('an operator that is not active gets nothing, by whomever', async () => {
    await using desk = await openTestDesk(database);
    const { id } = await waits(desk, await hasSource(desk));
    const ann = await hasOperator(desk, { isActive: false });

    await expect(assignContact(desk, admin, id, { operator_id: ann })).rejects.toMatchObject({
      code: 'operator-inactive',
    });
  });

  test('an operator that does not exist is a fault in the request', async () => {
    await using desk = await openTestDesk(database);
    const { id } = await waits(desk, await hasSource(desk));

    await expect(assignContact(desk, admin, id, { operator_id: 404 as OperatorId })).rejects.toMatchObject({
      code: 'invalid',
      details: { errors: [{ path: 'operator_id' }] },
    });
  });

  test.each([
    ['paused', { availability: paused }, 1],
    ['finishing', { availability: 'finishing' as const }, 1],
    ['of weight 0', {}, 0],
    ['of another source', {}, null],
  ])(
    'to an operator that is %s a supervisor may transfer, an operator may not',
    async (_, traits, weight) => {
      await using desk = await openTestDesk(database);
      const source = await hasSource(desk);
      const ann = await hasOperator(desk, { on: { [source]: 1 } });
      const { id } = await opens(desk, source, 'lead');
      const bob = await hasOperator(desk, { ...traits, on: weight === null ? {} : { [source]: weight } });

      const byOperator = assignContact(desk, actingAs(ann), id, { operator_id: bob, note: 'take it' });
      await expect(byOperator).rejects.toMatchObject({ code: 'forbidden' });
      expect(await getContact(desk, admin, id)).toMatchObject({ operator_id: ann });
      expect(await desk.store.em().count(Message)).toBe(0);

      const bySupervisor = await assignContact(desk, supervisor, id, { operator_id: bob });
      expect(bySupervisor).toMatchObject({ operator_id: bob });
    },
  );

  test('a note goes with the transfer: the team sees it, the customer does not', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'webhook', callbackUrl: 'https://example.org/' });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });

    const moved = await assignContact(desk, actingAs(ann), id, { operator_id: bob, note: 'knows you' });

    const { items } = await listMessages(desk, actingAs(bob), id, { limit: 10 });
    expect(items).toMatchObject([{ author: 'note', text: 'knows you', operator_id: ann, status: null }]);
    expect(moved.last_message).toBeNull();
    expect(await desk.store.em().count(Delivery)).toBe(0);
  });

  test('to the operator that has it already nothing changes but for the note', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const before = await opens(desk, source, 'lead');
    const moves = await movesOf(desk, before.id);

    const after = await assignContact(desk, admin, before.id, { operator_id: ann, note: 'again' });

    expect(after.version).toBe(before.version);
    expect(await movesOf(desk, before.id)).toEqual(moves);
    expect(await desk.store.em().count(Message, { author: 'note' })).toBe(1);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('a closed contact is assigned to nobody', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await closeContact(desk, admin, id, {});

    await expect(assignContact(desk, admin, id, { operator_id: ann })).rejects.toMatchObject({
      code: 'closed',
    });
  });

  test('an operator assigns its own contacts alone: not those of a queue, and others are not there', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { availability: paused, on: { [source]: 1 } });
    const bob = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const ofBob = await opens(desk, source, 'of Bob');
    const inQueue = await waits(desk, source, 'in the queue');

    expect(ofBob.operator_id).toBe(bob);
    await expect(assignContact(desk, actingAs(ann), inQueue.id, { operator_id: ann })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(assignContact(desk, actingAs(ann), ofBob.id, { operator_id: ann })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
