import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId } from '../../src/contract/ids.ts';
import type { OnOffline } from '../../src/contract/source.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import { getContact } from '../../src/desk/contacts.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { setPresence } from '../../src/desk/set-presence.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import { somebodyWaits } from '../store/ground.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  movesOf,
  opens,
} from '../support/desk.ts';
import { allRows, come, holderOf, openSlowDesk, unsound } from './handing.ts';
import { withOthers } from '../support/with-others.ts';

const MINUTE = 60_000;

const leaves = (desk: Desk, operatorId: OperatorId, gateway = 'here') =>
  setPresence(desk, { operatorId, gateway, isOnline: false });
const comes = (desk: Desk, operatorId: OperatorId, gateway = 'here') =>
  setPresence(desk, { operatorId, gateway, isOnline: true });

const newestDecision = async (desk: Desk, id: ContactId) =>
  (await listDecisions(desk, admin, id, { limit: 1 })).items[0];

describe.each(databases)('on %s', (database) => {
  test('contacts of whoever goes offline go where their sources want them', async () => {
    await using desk = await openSlowDesk(database);
    const sources = {
      keep: await hasSource(desk, { onOffline: 'keep' }),
      requeue: await hasSource(desk, { onOffline: 'requeue' }),
      hand_over: await hasSource(desk, { onOffline: 'hand_over' }),
    };
    const everywhere = Object.fromEntries(Object.values(sources).map((id) => [id, 1]));
    const ann = await hasOperator(desk, { isOnline: true, on: everywhere });
    const has = async (fate: OnOffline) => (await opens(desk, sources[fate], `${fate} ${ann}`)).id;
    const [kept, requeued, handedOver] = [await has('keep'), await has('requeue'), await has('hand_over')];
    const bob = await hasOperator(desk, { on: everywhere });

    await leaves(desk, ann);
    await desk.drains.idle();

    expect([await holderOf(desk, kept), await holderOf(desk, requeued)]).toEqual([ann, bob]);
    expect(await holderOf(desk, handedOver)).toBe(bob);
    expect((await movesOf(desk, kept)).length).toBe(2);
    expect((await movesOf(desk, requeued)).slice(2)).toEqual([
      `waiting ${ann} → - by system: operator-offline`,
      `assigned - → ${bob} by routing: requeued`,
    ]);
    expect((await movesOf(desk, handedOver)).slice(2)).toEqual([
      `assigned ${ann} → ${bob} by system: operator-offline`,
    ]);
    expect(await newestDecision(desk, handedOver)).toMatchObject({ trigger: 'handed-over' });
    expect(await loadsOf(desk)).toMatchObject([{ load: 1 }, { load: 2 }]);
    expect(await unsound(desk)).toEqual([]);
    const told = await desk.store.em().findOneOrFail(Operator, { id: ann });
    expect(told).toMatchObject({ isOnline: false, load: 1 });
  });

  test.each(['requeue', 'hand_over'] as const)(
    'by %s it passes over whoever went offline, also where nobody asks for presence',
    async (onOffline) => {
      await using desk = await openSlowDesk(database);
      const source = await hasSource(desk, { onOffline });
      const ann = await hasOperator(desk, { isOnline: true, on: { [source]: 1 } });
      const { id, created_at: age } = await opens(desk, source, 'lead');

      await leaves(desk, ann);
      await desk.drains.idle();

      expect(await getContact(desk, admin, id)).toMatchObject({ status: 'waiting', created_at: age });
      expect(await newestDecision(desk, id)).toMatchObject({
        outcome: 'waiting',
        refused: { 'released-by': 1 },
      });
      // Who works without a console may still take it.
      await takeContact(desk, actingAs(ann), id);
      expect(await unsound(desk)).toEqual([]);
    },
  );

  test('whoever is back gets again at once what still waits, but for what it gave back itself', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk, { onOffline: 'requeue' });
    const ann = await hasOperator(desk, { isOnline: true, maxLoad: 3, on: { [source]: 1 } });
    const [lost, released, taken] = await come(desk, source, 3);
    await leaves(desk, ann);
    await comes(desk, ann);
    await releaseContact(desk, actingAs(ann), released!);
    await leaves(desk, ann);
    await desk.drains.idle();
    const bob = await hasOperator(desk);
    await takeContact(desk, actingAs(bob, 'admin'), taken!);
    desk.clock.advance(MINUTE);

    await comes(desk, ann);
    await desk.drains.idle();

    expect(await holderOf(desk, lost!)).toBe(ann);
    expect(await holderOf(desk, released!)).toBeNull();
    expect(await holderOf(desk, taken!)).toBe(bob);
    desk.clock.advance(10 * MINUTE);
    await leaves(desk, ann);
    await comes(desk, ann);
    expect(await holderOf(desk, released!)).toBe(ann);
  });

  test('nothing moves while another gateway has a console of the operator', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk, { onOffline: 'requeue' });
    const ann = await hasOperator(desk, { isOnline: true, on: { [source]: 1 } });
    const [id] = await come(desk, source, 1);
    await comes(desk, ann, 'there');

    await leaves(desk, ann, 'here');
    const meanwhile = await holderOf(desk, id!);
    await leaves(desk, ann, 'there');

    expect([meanwhile, await holderOf(desk, id!)]).toEqual([ann, null]);
  });

  test('when it cannot be done, the operator is online as before, and it is done by the next try', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk, { onOffline: 'hand_over' });
    const ann = await hasOperator(desk, { isOnline: true, on: { [source]: 1 } });
    const [id] = await come(desk, source, 1);
    const bob = await hasOperator(desk, { on: { [source]: 1 } });
    const before = await allRows(desk);
    const { store } = desk;
    const failing: Desk = {
      ...desk,
      store: {
        ...store,
        write: (work) =>
          store.write((tx) =>
            work(
              withOthers(tx, { sql: { ...tx.sql, moveLoads: () => Promise.reject(new Error('no disk')) } }),
            ),
          ),
      },
    };

    await expect(leaves(failing, ann)).rejects.toThrow('no disk');
    const afterFailure = await allRows(desk);
    await leaves(desk, ann);

    expect(afterFailure).toEqual(before);
    expect(await holderOf(desk, id!)).toBe(bob);
  });

  test('two gateways that lose an operator at once move its contacts once', async () => {
    await using desk = await openSlowDesk(database);
    const [requeueing, handing] = [
      await hasSource(desk, { onOffline: 'requeue' }),
      await hasSource(desk, { onOffline: 'hand_over' }),
    ];
    const ann = await hasOperator(desk, {
      isOnline: true,
      maxLoad: 20,
      on: { [requeueing]: 1, [handing]: 1 },
    });
    await comes(desk, ann, 'there');
    const ids = [...(await come(desk, requeueing, 5)), ...(await come(desk, handing, 5))];
    const bob = await hasOperator(desk, { maxLoad: 20, on: { [requeueing]: 1, [handing]: 1 } });
    await using other = database === 'sqlite' ? null : await openSlowDesk(database, desk.databaseUrl);

    await Promise.all([leaves(desk, ann, 'here'), leaves(other ?? desk, ann, 'there')]);
    await desk.drains.idle();
    await other?.drains.idle();

    expect(await loadsOf(desk)).toMatchObject([
      { id: ann, load: 0, counted: 0 },
      { id: bob, load: 10, counted: 10 },
    ]);
    const steps = await Promise.all(ids.map(async (id) => (await movesOf(desk, id)).length));
    expect(steps).toEqual([4, 4, 4, 4, 4, 3, 3, 3, 3, 3]);
  });

  test('whoever comes back in the same moment is online, and everything has one place', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk, { onOffline: 'requeue', requirePresence: true });
    const ann = await hasOperator(desk, { isOnline: true, maxLoad: 20, on: { [source]: 1 } });
    const ids = await come(desk, source, 10);

    await Promise.all([
      leaves(desk, ann, 'here'),
      comes(desk, ann, 'there'),
      ...ids.slice(0, 3).map((id) => closeContact(desk, admin, id, {})),
    ]);
    await desk.drains.idle();

    expect(await desk.store.em().findOneOrFail(Operator, { id: ann })).toMatchObject({ isOnline: true });
    expect(await loadsOf(desk)).toMatchObject([{ load: 7, counted: 7 }]);
  });
});

test('a contact that is assigned while its operator goes offline goes with the others', async () => {
  await using desk = await openSlowDesk('postgresql');
  const [source, another] = [
    await hasSource(desk, { onOffline: 'hand_over' }),
    await hasSource(desk, { onOffline: 'hand_over' }),
  ];
  const ann = await hasOperator(desk, { isOnline: true, on: { [source]: 1 } });
  await come(desk, source, 2);
  const late = await opens(desk, another, 'late');
  const bob = await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
  const cas = await hasOperator(desk, { availability: 'paused', on: { [another]: 1 } });
  let leaving: Promise<void> | undefined;

  await desk.store.write(async (tx) => {
    await tx.sql.routingFacts([], [ann]);
    // It has the contacts of the operator locked by now, and waits for the operator.
    leaving = leaves(desk, ann);
    await somebodyWaits(desk);
    await tx.sql.assignQueued(
      [{ contactId: late.id, operatorId: ann, offerExpiresAt: null }],
      desk.clock.now(),
    );
    await tx.sql.moveLoads(new Map([[ann, 1]]));
    await tx.em.execute(`update operator set availability = 'available' where id = ?`, [cas]);
  });
  await leaving;

  expect(await loadsOf(desk)).toMatchObject([
    { id: ann, load: 0, counted: 0 },
    { id: bob, load: 2, counted: 2 },
    { id: cas, load: 1, counted: 1 },
  ]);
});
