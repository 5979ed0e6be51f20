import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { declineContact } from '../../src/desk/decline-contact.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { handOverContacts } from '../../src/desk/hand-over-contacts.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { replay } from '../../src/routing/replay.ts';
import {
  actingAs,
  admin,
  databases,
  everythingTold,
  hasOperator,
  hasSource,
  loadsOf,
  movesOf,
  opens,
  supervisor,
  waits,
} from '../support/desk.ts';
import { allRows, come, handsOver, holderOf, holders, openSlowDesk, targets, unsound } from './handing.ts';
import { withOthers } from '../support/with-others.ts';

const MINUTE = 60_000;
const leaving = { is_active: false, open_contacts: 'hand_over' as const };

describe.each(databases)('on %s', (database) => {
  test('open contacts go straight to others, the oldest first, and what no cap has room for waits', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { availability: 'available', on: { [source]: 1 } });
    const [first, second, third] = await come(desk, source, 3);
    const bob = await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
    const { created_at: age } = await getContact(desk, admin, third!);

    const plan = await handsOver(desk, ann);

    expect(targets(plan)).toEqual([
      [first, bob],
      [second, bob],
      [third, null],
    ]);
    expect(plan).toMatchObject({ handed_over: 2, waiting: 1 });
    expect(await loadsOf(desk)).toMatchObject([
      { id: ann, load: 0, counted: 0 },
      { id: bob, load: 2, counted: 2 },
    ]);
    expect(await getContact(desk, admin, third!)).toMatchObject({
      status: 'waiting',
      created_at: age,
      assigned_at: null,
      version: 2,
    });
    expect(await getContact(desk, admin, first!)).toMatchObject({
      status: 'assigned',
      assigned_at: '2026-01-01T00:00:03.000Z',
      version: 2,
    });
  });

  test('each has its decision and its step in the trail, and leaves the console of who had it', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { name: 'Ann', on: { [source]: 1 } });
    const [given, left] = await come(desk, source, 2);
    const bob = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });

    await handOverContacts(desk, actingAs(bob, 'supervisor'), ann, { dry_run: false });

    const newest = async (id: ContactId) => (await listDecisions(desk, admin, id, { limit: 1 })).items[0]!;
    expect(await newest(given!)).toMatchObject({
      trigger: 'handed-over',
      outcome: 'assigned',
      operator_id: bob,
      refused: { 'released-by': 1 },
    });
    expect(await newest(left!)).toMatchObject({
      trigger: 'handed-over',
      outcome: 'waiting',
      refused: { 'released-by': 1, 'at-cap': 1 },
    });
    for (const id of [given!, left!]) expect(replay(await newest(id)).faults).toEqual([]);
    expect((await movesOf(desk, given!)).at(-1)).toBe(
      `assigned ${ann} → ${bob} by operator:${bob}: handed-over`,
    );
    expect((await movesOf(desk, left!)).at(-1)).toBe(`waiting ${ann} → - by operator:${bob}: handed-over`);
    const told = (await everythingTold(desk)).filter(({ operatorBefore }) => operatorBefore === ann);
    expect(told.map(({ type, operatorAfter }) => [type, operatorAfter])).toEqual([
      ['contact.assigned', bob],
      ['contact.waiting', null],
    ]);
  });

  test('a conversation under way goes before those who wait', async () => {
    await using desk = await openSlowDesk(database);
    const [busy, source] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const waiting = await opens(desk, busy, 'older');
    desk.clock.advance(1000);
    const { id } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1, [busy]: 1 } });

    await handsOver(desk, ann);
    await desk.drains.idle();

    expect([await holderOf(desk, id), await holderOf(desk, waiting.id)]).toEqual([bob, null]);
  });

  test('the seats that this frees are for others who wait, not for what was handed over', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    desk.clock.advance(1000);
    const young = await waits(desk, source, 'young');

    const plan = await handsOver(desk, ann);
    await desk.drains.idle();
    const soon = [await holderOf(desk, id), await holderOf(desk, young.id)];
    await closeContact(desk, admin, young.id, {});
    desk.clock.advance(10 * MINUTE);
    await updateOperator(desk, admin, ann, { max_load: 2 });

    expect(targets(plan)).toEqual([[id, null]]);
    expect([soon, await holderOf(desk, id)]).toEqual([[null, ann], ann]);
  });

  test('whoever waits for want of somebody may still be taken by the one before', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const ids = await come(desk, source, 3);

    const { waiting } = await handsOver(desk, ann);
    await desk.drains.idle();
    const after = await holders(desk, ids);
    const taken = await takeContact(desk, actingAs(ann), ids[1]!);

    expect(waiting).toBe(3);
    expect(after).toEqual(ids.map((id) => [id, null]));
    expect(taken.operator_id).toBe(ann);
    expect(await unsound(desk)).toEqual([]);
  });

  test('contacts of several sources go each by its own rule, those of the more urgent one first', async () => {
    await using desk = await openSlowDesk(database);
    const [calm, urgent] = [await hasSource(desk), await hasSource(desk, { priority: 5 })];
    const ann = await hasOperator(desk, { on: { [calm]: 1, [urgent]: 1 } });
    const first = await opens(desk, calm, 'a');
    desk.clock.advance(1000);
    const second = await opens(desk, urgent, 'b');
    const bob = await hasOperator(desk, { maxLoad: 1, on: { [calm]: 1, [urgent]: 1 } });

    const { moves } = await handsOver(desk, ann);

    expect(moves.map(({ contact_id: id, source_id: of, to }) => [id, of, to?.id])).toEqual([
      [second.id, urgent, bob],
      [first.id, calm, undefined],
    ]);
  });

  test('where the source offers, it is offered, and not to whoever has declined it', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk, { offerSeconds: 30 });
    const cas = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    await declineContact(desk, actingAs(cas), id, {});
    const bob = await hasOperator(desk, { on: { [source]: 1 } });
    desk.clock.advance(1000);

    const plan = await handsOver(desk, ann);

    expect(targets(plan)).toEqual([[id, bob]]);
    expect((await getContact(desk, admin, id)).offer_expires_at).toBe('2026-01-01T00:00:31.000Z');
  });

  test('nothing is handed over of closed contacts, nor of somebody who has none', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const [id] = await come(desk, source, 1);
    await closeContact(desk, admin, id!, {});
    const before = await allRows(desk);

    const plan = await handsOver(desk, ann);

    expect(plan).toMatchObject({ moves: [], handed_over: 0, waiting: 0 });
    expect(await allRows(desk)).toEqual(before);
  });

  test('admins and supervisors may do it, for an operator who is there', async () => {
    await using desk = await openSlowDesk(database);
    const ann = await hasOperator(desk);
    const asks = (actor: typeof admin, id: number) =>
      handOverContacts(desk, actor, id as OperatorId, { dry_run: true });

    await expect(asks(actingAs(ann), ann)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(asks(supervisor, 999)).rejects.toMatchObject({ code: 'not-found' });
    expect((await asks(supervisor, ann)).moves).toEqual([]);
  });

  test('whoever is deactivated so gives everything away, and what is left waits', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const [given, left] = await come(desk, source, 2);
    const bob = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });

    await updateOperator(desk, admin, ann, leaving);
    await desk.drains.idle();
    const meanwhile = await holderOf(desk, left!);
    await updateOperator(desk, admin, ann, { is_active: true });

    expect((await movesOf(desk, given!)).at(-1)).toBe(
      `assigned ${ann} → ${bob} by token:environment: operator-deactivated`,
    );
    // Not passed over: it did not give the contact back.
    expect([meanwhile, await holderOf(desk, left!)]).toEqual([null, ann]);
  });

  test('hundreds of contacts take no more statements than a few', async () => {
    await using desk = await openSlowDesk(database);
    const source = await hasSource(desk);
    const [few, many] = [
      await hasOperator(desk, { maxLoad: 500 }),
      await hasOperator(desk, { maxLoad: 500 }),
    ];
    const ids = (await Promise.all(Array.from({ length: 203 }, (_, n) => opens(desk, source, `${n}`)))).map(
      ({ id }) => id,
    );
    await hasOperator(desk, { availability: 'paused', maxLoad: 500, on: { [source]: 1 } });
    await desk.store.write(async (tx) => {
      const sets = [
        [few, ids.slice(0, 3)],
        [many, ids.slice(3)],
      ] as const;
      for (const [operatorId, some] of sets) {
        await tx.sql.assignQueued(
          some.map((contactId) => ({ contactId, operatorId, offerExpiresAt: null })),
          desk.clock.now(),
        );
        await tx.sql.moveLoads(new Map([[operatorId, some.length]]));
      }
      await tx.em.execute(`update operator set availability = 'available'`);
    });

    const asked = [await asksOf(desk, few), await asksOf(desk, many)];

    expect(asked[1]).toEqual(asked[0]);
    expect(await loadsOf(desk)).toMatchObject([{ load: 0 }, { load: 0 }, { load: 203, counted: 203 }]);
  });
});

/** The set-based statements that handing over needs, by name. */
async function asksOf(desk: Desk, id: OperatorId): Promise<string[]> {
  const asked: string[] = [];
  const { store } = desk;
  const write: typeof store.write = (work) =>
    store.write((tx) => {
      const sql = new Proxy(tx.sql, {
        get: (all, name: keyof typeof tx.sql) => {
          asked.push(name);
          return all[name];
        },
      });
      return work(withOthers(tx, { sql }));
    });
  await handsOver({ ...desk, store: { ...store, write } }, id);
  return asked;
}
