import { describe, expect, test } from 'vitest';
import type { ContactId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
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
  waits,
} from '../support/desk.ts';

// Whoever is paused gets nothing by the rule; it may take.
const paused = 'paused' as const;

describe.each(databases)('on %s', (database) => {
  test('an operator takes a waiting contact of one of its sources', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { name: 'Ann', availability: paused, on: { [source]: 1 } });
    const { id } = await waits(desk, source);

    const taken = await takeContact(desk, actingAs(ann), id);

    expect(taken).toMatchObject({
      id,
      status: 'assigned',
      operator_id: ann,
      operator: { id: ann, name: 'Ann' },
      assigned_at: expect.any(String),
      version: 2,
    });
    expect(await getContact(desk, actingAs(ann), id)).toEqual(taken);
    expect((await movesOf(desk, id)).at(-1)).toBe(`assigned - → ${ann} by operator:${ann}: taken`);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('taking one’s own contact again changes nothing', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const contact = await opens(desk, source, 'lead');

    const again = await takeContact(desk, actingAs(ann), contact.id);

    expect(again.version).toBe(contact.version);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('of ten that take one contact at once one gets it, and the others hear who', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const takers = [];
    for (let n = 0; n < 10; n++)
      takers.push(await hasOperator(desk, { name: `Taker ${n}`, availability: paused, on: { [source]: 1 } }));
    const { id } = await waits(desk, source);

    const outcomes = await Promise.allSettled(takers.map((taker) => takeContact(desk, actingAs(taker), id)));

    const [won, ...others] = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(others).toEqual([]);
    const winner = won!.value.operator;
    const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
    expect(refusals).toHaveLength(9);
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ code: 'already-taken', details: { operator: winner } });
    expect((await loadsOf(desk)).filter(({ load }) => load > 0)).toMatchObject([
      { id: winner!.id, load: 1, counted: 1 },
    ]);
  });

  test('who comes too late hears who has the contact, though it does not see it any more', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { name: 'Ann', on: { [source]: 1 } });
    const bob = await hasOperator(desk, { availability: paused, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');

    const late = takeContact(desk, actingAs(bob), id);

    await expect(late).rejects.toMatchObject({
      code: 'already-taken',
      details: { operator: { id: ann, name: 'Ann' } },
    });
    await expect(getContact(desk, actingAs(bob), id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a token that acts for nobody cannot take', async () => {
    await using desk = await openTestDesk(database);
    const { id } = await waits(desk, await hasSource(desk));

    await expect(takeContact(desk, admin, id)).rejects.toMatchObject({ code: 'no-operator' });
  });

  test('an operator at its cap cannot take, and nothing is changed', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    await opens(desk, source, 'first');
    const waiting = await waits(desk, source, 'second');

    await expect(takeContact(desk, actingAs(ann), waiting.id)).rejects.toMatchObject({
      code: 'operator-full',
    });

    expect(await getContact(desk, admin, waiting.id)).toMatchObject({ status: 'waiting', version: 1 });
    expect(await movesOf(desk, waiting.id)).toHaveLength(2);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('a cap lowered below the load lets nobody take until it is free again', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
    const [first] = [await opens(desk, source, 'a'), await opens(desk, source, 'b')];
    await updateOperator(desk, admin, ann, { max_load: 1, availability: paused });
    const { id } = await waits(desk, source, 'c');
    await closeContact(desk, admin, first.id, {});

    const take = takeContact(desk, actingAs(ann), id);

    await expect(take).rejects.toMatchObject({ code: 'operator-full' });
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('a contact of a source where the operator has no weight is not there for it', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const other = await hasSource(desk);
    const stranger = await hasOperator(desk, { on: { [other]: 1 } });
    const excluded = await hasOperator(desk, { on: { [source]: 0 } });
    const { id } = await waits(desk, source);

    for (const who of [stranger, excluded])
      await expect(takeContact(desk, actingAs(who), id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(takeContact(desk, actingAs(stranger), 404 as ContactId)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('a supervisor that acts as an operator takes from any source', async () => {
    await using desk = await openTestDesk(database);
    const { id } = await waits(desk, await hasSource(desk));
    const sue = await hasOperator(desk, { role: 'supervisor' });

    const taken = await takeContact(desk, actingAs(sue, 'supervisor'), id);

    expect(taken).toMatchObject({ status: 'assigned', operator_id: sue });
  });

  test('nobody takes a contact that somebody has from under them, not even an admin', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { on: { [source]: 1 } });
    const boss = await hasOperator(desk, { role: 'admin' });
    const { id } = await opens(desk, source, 'lead');

    const take = takeContact(desk, actingAs(boss, 'admin'), id);

    await expect(take).rejects.toMatchObject({ code: 'already-taken' });
  });

  test('an operator that is not active cannot take', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { isActive: false, on: { [source]: 1 } });
    const { id } = await waits(desk, source);

    await expect(takeContact(desk, actingAs(ann), id)).rejects.toMatchObject({ code: 'operator-inactive' });
  });

  test('a closed contact cannot be taken, and is not there for those who never saw its queue', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { availability: paused, on: { [source]: 1 } });
    const stranger = await hasOperator(desk);
    const { id } = await waits(desk, source);
    await closeContact(desk, admin, id, {});

    await expect(takeContact(desk, actingAs(ann), id)).rejects.toMatchObject({ code: 'closed' });
    await expect(takeContact(desk, actingAs(stranger), id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('who has released a contact may take it back at once', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await releaseContact(desk, actingAs(ann), id);

    const taken = await takeContact(desk, actingAs(ann), id);

    expect(taken).toMatchObject({ status: 'assigned', operator_id: ann });
  });

  test('a token for arrivals alone may not take', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const ingest = { ...actingAs(ann), scope: 'ingest' as const };
    const { id } = await opens(desk, source, 'lead');

    await expect(takeContact(desk, ingest, id)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
