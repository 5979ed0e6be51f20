import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import { getContact } from '../../src/desk/contacts.ts';
import type { Desk } from '../../src/desk/desk.ts';
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
  stoppedClock,
  supervisor,
  waits,
} from '../support/desk.ts';

const paused = 'paused' as const;

const holderOf = async (desk: Desk, id: ContactId): Promise<OperatorId | null> =>
  (await getContact(desk, admin, id)).operator_id;

describe.each(databases)('on %s', (database) => {
  test('a released contact is back in the queue with its age kept, and the rule says why it stays there', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id, created_at } = await opens(desk, source, 'lead');
    clock.advance(60_000);

    const released = await releaseContact(desk, actingAs(ann), id);

    expect(released).toMatchObject({
      status: 'waiting',
      operator_id: null,
      operator: null,
      assigned_at: null,
      created_at,
      version: 2,
    });
    const [decision] = (await listDecisions(desk, admin, id, { limit: 1 })).items;
    expect(decision).toMatchObject({
      trigger: 'released',
      outcome: 'waiting',
      refused: { 'released-by': 1 },
      candidates: [{ operator_id: ann, eligible: false, reason: 'released-by' }],
    });
    expect((await movesOf(desk, id)).at(-1)).toBe(`waiting ${ann} → - by operator:${ann}: released`);
    expect(await loadsOf(desk)).toMatchObject([{ load: 0, counted: 0 }]);
  });

  test('it goes to somebody else at once where there is anybody', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1_000_000 } });
    const { id } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });

    const released = await releaseContact(desk, actingAs(ann), id);

    expect(released).toMatchObject({ status: 'assigned', operator_id: bob });
    expect((await movesOf(desk, id)).slice(-2)).toEqual([
      `waiting ${ann} → - by operator:${ann}: released`,
      `assigned - → ${bob} by routing: released`,
    ]);
    expect(await loadsOf(desk)).toMatchObject([{ load: 0 }, { load: 1 }]);
  });

  test('when another has had it, it may go back to who released it first', async () => {
    await using desk = await openTestDesk(database, { clock: stoppedClock() });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });

    await releaseContact(desk, actingAs(ann), id);
    const atBob = await holderOf(desk, id);
    await releaseContact(desk, actingAs(bob), id);

    expect([atBob, await holderOf(desk, id)]).toEqual([bob, ann]);
  });

  test('the freed seat goes to the oldest who waits, not back to the released contact', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'oldest');
    clock.advance(1000);
    const younger = await waits(desk, source, 'younger');

    await releaseContact(desk, actingAs(ann), id);

    expect([await holderOf(desk, id), await holderOf(desk, younger.id)]).toEqual([null, ann]);
  });

  test('it keeps its place before younger ones for everybody else', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const bob = await hasOperator(desk, { maxLoad: 1, availability: paused, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'oldest');
    clock.advance(1000);
    const [second, third] = [await waits(desk, source, 'second'), await waits(desk, source, 'third')];
    await releaseContact(desk, actingAs(ann), id);

    await updateOperator(desk, admin, bob, { availability: 'available' });

    const holders = [
      await holderOf(desk, id),
      await holderOf(desk, second.id),
      await holderOf(desk, third.id),
    ];
    expect(holders).toEqual([bob, ann, null]);
  });

  test('a supervisor’s release counts as that of the operator who had it', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');

    const released = await releaseContact(desk, supervisor, id);

    expect(released.status).toBe('waiting');
    expect((await movesOf(desk, id)).at(-1)).toBe(`waiting ${ann} → - by token:environment: released`);
  });

  test('releasing a waiting contact changes nothing', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const { id } = await waits(desk, source);
    const before = await getContact(desk, admin, id);

    const released = await releaseContact(desk, admin, id);

    expect(released).toEqual(before);
    expect((await listDecisions(desk, admin, id, { limit: 10 })).items).toHaveLength(1);
  });

  test('a closed contact cannot be released', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    await closeContact(desk, admin, id, {});

    await expect(releaseContact(desk, actingAs(ann), id)).rejects.toMatchObject({ code: 'closed' });
  });

  test('an operator releases its own contacts alone', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { availability: paused, on: { [source]: 1 } });
    await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const ofBob = await opens(desk, source, 'of Bob');
    const inQueue = await waits(desk, source, 'in the queue');

    await expect(releaseContact(desk, actingAs(ann), ofBob.id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(releaseContact(desk, actingAs(ann), inQueue.id)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('of a release and a take at once both stand, one after the other', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { availability: paused, on: { [source]: 1 } });

    const [released, taken] = await Promise.allSettled([
      releaseContact(desk, actingAs(ann), id),
      takeContact(desk, actingAs(bob), id),
    ]);

    expect(released.status).toBe('fulfilled');
    if (taken.status === 'rejected') expect(taken.reason).toMatchObject({ code: 'already-taken' });
    const isTaken = taken.status === 'fulfilled';
    expect(await holderOf(desk, id)).toBe(isTaken ? bob : null);
    expect(await loadsOf(desk)).toMatchObject([
      { load: 0, counted: 0 },
      { load: isTaken ? 1 : 0, counted: isTaken ? 1 : 0 },
    ]);
  });
});
