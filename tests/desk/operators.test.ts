import { describe, expect, test } from 'vitest';
import { OperatorCreate, OperatorUpdate } from '../../src/contract/operator.ts';
import type { OperatorId } from '../../src/contract/ids.ts';
import type { Actor } from '../../src/desk/actor.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { listDecisions, listTrail } from '../../src/desk/contact-history.ts';
import { createOperator } from '../../src/desk/create-operator.ts';
import { deleteOperator } from '../../src/desk/delete-operator.ts';
import { getOperator, listOperators, operatorLoad } from '../../src/desk/operators.ts';
import { setPresence } from '../../src/desk/set-presence.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { SourceOperator } from '../../src/store/entities/source-operator.ts';
import { Source } from '../../src/store/entities/source.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  opens,
  stoppedClock,
  type TestDesk,
} from '../support/desk.ts';
import { configVersion, eventsOf } from './administration.ts';

const update = (desk: TestDesk, actor: Actor, id: OperatorId, change: object) =>
  updateOperator(desk, actor, id, OperatorUpdate.parse(change));
const everyone = { limit: 50 };

describe.each(databases)('on %s', (database) => {
  test('a new operator has the defaults of the contract, and its address in lower case', async () => {
    await using desk = await openTestDesk(database);

    const ann = await createOperator(
      desk,
      admin,
      OperatorCreate.parse({ name: 'Ann', email: 'Ann@Example.org' }),
    );

    expect(ann).toMatchObject({
      name: 'Ann',
      email: 'ann@example.org',
      role: 'operator',
      is_active: true,
      availability: 'available',
      presence: 'offline',
      max_load: 10,
      load: 0,
    });
    expect(await getOperator(desk, admin, ann.id)).toEqual(ann);
  });

  test('one address belongs to one operator, whatever its case', async () => {
    await using desk = await openTestDesk(database);
    await createOperator(desk, admin, OperatorCreate.parse({ name: 'Ann', email: 'ann@example.org' }));
    const bob = await hasOperator(desk);

    const twin = createOperator(
      desk,
      admin,
      OperatorCreate.parse({ name: 'Twin', email: 'ANN@example.org' }),
    );

    await expect(twin).rejects.toMatchObject({ code: 'email-taken' });
    await expect(update(desk, admin, bob, { email: 'Ann@Example.Org' })).rejects.toMatchObject({
      code: 'email-taken',
    });
    expect((await listOperators(desk, admin, everyone)).items).toHaveLength(2);
  });

  test('every change raises the version of the configuration and is told', async () => {
    await using desk = await openTestDesk(database);
    const before = await configVersion(desk);

    const { id } = await createOperator(desk, admin, OperatorCreate.parse({ name: 'Ann' }));
    await update(desk, admin, id, { max_load: 3 });
    await setPresence(desk, { operatorId: id, gateway: 'here', isOnline: true });
    await setPresence(desk, { operatorId: id, gateway: 'here', isOnline: true });
    await deleteOperator(desk, admin, id);

    expect(await configVersion(desk)).toBe(before + 4);
    const told = await eventsOf(desk, 'operator.updated');
    expect(told.map(({ data }) => data)).toMatchObject([
      { id, max_load: 10, presence: 'offline' },
      { id, max_load: 3, presence: 'offline' },
      { id, max_load: 3, presence: 'online' },
      { id, is_active: false },
    ]);
  });

  test('a refused change leaves the version as it is', async () => {
    await using desk = await openTestDesk(database);
    const before = await configVersion(desk);

    await expect(update(desk, admin, 4711 as OperatorId, { max_load: 1 })).rejects.toMatchObject({
      code: 'not-found',
    });

    expect(await configVersion(desk)).toBe(before);
  });

  test.each([
    ['a raised cap', { maxLoad: 0 }, { max_load: 1 }],
    ['activation', { isActive: false }, { is_active: true }],
    ['the end of a pause', { availability: 'paused' as const }, { availability: 'available' }],
  ])('%s gives the oldest waiting contact out', async (_, traits, change) => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { ...traits, on: { [source]: 1 } });
    const contact = await opens(desk, source, 'lead');

    const after = await update(desk, admin, ann, change);

    expect(after.load).toBe(1);
    expect(await getContact(desk, admin, contact.id)).toMatchObject({ status: 'assigned', operator_id: ann });
  });

  test('a source that asks for presence gives its queue to whoever comes online', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { requirePresence: true });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const contact = await opens(desk, source, 'lead');
    expect(contact.decision.refused).toEqual({ offline: 1 });

    await setPresence(desk, { operatorId: ann, gateway: 'here', isOnline: true });

    expect(await getContact(desk, admin, contact.id)).toMatchObject({ operator_id: ann });
  });

  test('a cap lowered below the load takes nothing away and lets nothing in', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
    await opens(desk, source, 'a');
    await opens(desk, source, 'b');

    await update(desk, admin, ann, { max_load: 1 });
    const late = await opens(desk, source, 'c');

    expect(late.status).toBe('waiting');
    expect(await operatorLoad(desk, admin, ann)).toEqual({
      operator_id: ann,
      load: 2,
      max_load: 1,
      free: 0,
      load_percentage: 200,
      is_full: true,
    });
  });

  test('a deactivated operator keeps its contacts', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const contact = await opens(desk, source, 'a');

    await update(desk, admin, ann, { is_active: false });

    expect(await getContact(desk, admin, contact.id)).toMatchObject({ status: 'assigned', operator_id: ann });
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('requeued contacts keep their age and go to whoever is free, the oldest first', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const old = await opens(desk, source, 'old');
    clock.advance(1000);
    const young = await opens(desk, source, 'young');
    const bob = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    clock.advance(1000);

    const after = await update(desk, admin, ann, { is_active: false, open_contacts: 'requeue' });

    expect(after).toMatchObject({ is_active: false, load: 0 });
    expect(await getContact(desk, admin, old.id)).toMatchObject({
      status: 'assigned',
      operator_id: bob,
      created_at: old.created_at,
      version: old.version + 2,
    });
    expect(await getContact(desk, admin, young.id)).toMatchObject({
      status: 'waiting',
      operator_id: null,
      assigned_at: null,
      version: young.version + 1,
    });
    const { items: decisions } = await listDecisions(desk, admin, young.id, { limit: 1 });
    expect(decisions).toMatchObject([{ trigger: 'requeued', outcome: 'waiting' }]);
    const { items: steps } = await listTrail(desk, admin, young.id, { limit: 1 });
    expect(steps).toMatchObject([
      {
        type: 'contact.waiting',
        reason: 'operator-deactivated',
        from: { operator_id: ann },
        to: { operator_id: null, status: 'waiting' },
      },
    ]);
    expect(await loadsOf(desk)).toMatchObject([
      { load: 0, counted: 0 },
      { load: 1, counted: 1 },
    ]);
  });

  test('an operator that contacts name cannot be deleted; one that none names goes with its weights', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    await opens(desk, source, 'a');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });

    await expect(deleteOperator(desk, admin, ann)).rejects.toMatchObject({ code: 'operator-in-use' });
    await deleteOperator(desk, admin, bob);

    await expect(getOperator(desk, admin, bob)).rejects.toMatchObject({ code: 'not-found' });
    expect(await desk.store.em().count(SourceOperator)).toBe(1);
    expect(await desk.store.em().count(Source)).toBe(1);
  });

  test('an operator sees itself in full, colleagues of its sources in brief, and nobody else', async () => {
    await using desk = await openTestDesk(database);
    const [shared, other] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { name: 'Ann', on: { [shared]: 1 } });
    const bob = await hasOperator(desk, { name: 'Bob', on: { [shared]: 1, [other]: 1 } });
    const eve = await hasOperator(desk, { name: 'Eve', on: { [shared]: 0, [other]: 1 } });

    const { items } = await listOperators(desk, actingAs(ann), everyone);

    expect(items).toEqual([
      await getOperator(desk, admin, ann),
      { id: bob, name: 'Bob', availability: 'available', presence: 'offline', load: 0, max_load: 10 },
    ]);
    expect(await operatorLoad(desk, actingAs(ann), bob)).toMatchObject({ load: 0, load_percentage: 0 });
    await expect(getOperator(desk, actingAs(ann), eve)).rejects.toMatchObject({ code: 'not-found' });
    await expect(operatorLoad(desk, actingAs(ann), eve)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('an operator changes its own availability and nothing else', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const bob = await hasOperator(desk, { on: { [source]: 1 } });
    const eve = await hasOperator(desk);
    const me = actingAs(ann);

    expect(await update(desk, me, ann, { availability: 'paused' })).toMatchObject({ availability: 'paused' });

    await expect(update(desk, me, ann, { max_load: 99 })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(update(desk, me, ann, { availability: 'available', role: 'admin' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(update(desk, me, bob, { availability: 'paused' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(update(desk, me, eve, { availability: 'paused' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(
      update(desk, actingAs(bob, 'supervisor'), ann, { availability: 'available' }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('only an admin makes or deletes operators', async () => {
    await using desk = await openTestDesk(database);
    const ann = await hasOperator(desk);
    const input = OperatorCreate.parse({ name: 'Bob' });

    for (const role of ['operator', 'supervisor'] as const) {
      await expect(createOperator(desk, actingAs(ann, role), input)).rejects.toMatchObject({
        code: 'forbidden',
      });
      await expect(deleteOperator(desk, actingAs(ann, role), ann)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
  });

  test('the list pages by id, and finds by name or address without patterns', async () => {
    await using desk = await openTestDesk(database);
    for (const [index, name] of ['Ann', 'Bob_1', 'Bob 2', 'Zoë'].entries())
      await createOperator(desk, admin, OperatorCreate.parse({ name, email: `p${index}@x.org` }));

    const first = await listOperators(desk, admin, { limit: 3 });
    const second = await listOperators(desk, admin, { limit: 3, cursor: first.next_cursor! });
    const found = await listOperators(desk, admin, { limit: 9, q: 'BOB_' });
    const byAddress = await listOperators(desk, admin, { limit: 9, q: 'P0@X' });

    const names = (page: typeof first) => page.items.map((one) => one.name);
    expect([names(first), names(second)]).toEqual([['Ann', 'Bob_1', 'Bob 2'], ['Zoë']]);
    expect(second.next_cursor).toBeNull();
    expect(names(found)).toEqual(['Bob_1']);
    expect(names(byAddress)).toEqual(['Ann']);
    await expect(listOperators(desk, admin, { limit: 3, cursor: 'x' })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});
