import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId } from '../../src/contract/ids.ts';
import { acceptContact } from '../../src/desk/accept-contact.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions } from '../../src/desk/contact-history.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { declineContact } from '../../src/desk/decline-contact.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { expireOffers, watchOffers } from '../../src/desk/offers.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { reopenContact } from '../../src/desk/reopen-contact.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import { nextEvent } from '../bots/support/bots.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  movesOf,
  opens,
  openTestDesk,
  stoppedClock,
  supervisor,
  writes,
} from '../support/desk.ts';

const offering = { offerSeconds: 30 };
const HALF_A_MINUTE = 30_000;
const HEAVY = 1_000_000;

const newestDecision = async (desk: Desk, id: ContactId) =>
  (await listDecisions(desk, admin, id, { limit: 1 })).items[0];

const standing = async (desk: Desk, id: ContactId) => {
  const { status, operator_id: operatorId, offer_expires_at: end } = await getContact(desk, admin, id);
  return { status, operatorId, end };
};

describe.each(databases)('on %s', (database) => {
  test('what routing gives is offered until a moment, and holds a seat', async () => {
    await using desk = await openTestDesk(database, { clock: stoppedClock() });
    const source = await hasSource(desk, offering);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });

    const first = await opens(desk, source, 'first');
    const second = await opens(desk, source, 'second');

    expect(first).toMatchObject({
      status: 'assigned',
      operator_id: ann,
      offer_expires_at: '2026-01-01T00:00:30.000Z',
    });
    expect(second).toMatchObject({ status: 'waiting', offer_expires_at: null });
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('so is what waited, when somebody is free', async () => {
    await using desk = await openTestDesk(database, { clock: stoppedClock() });
    const source = await hasSource(desk, offering);
    const { contactId: id } = await writes(desk, source, 'lead');
    const ann = await hasOperator(desk, { availability: 'paused', on: { [source]: 1 } });

    await updateOperator(desk, admin, ann, { availability: 'available' });

    expect(await standing(desk, id!)).toEqual({
      status: 'assigned',
      operatorId: ann,
      end: '2026-01-01T00:00:30.000Z',
    });
  });

  test('its operator accepts it once, by saying so or by a reply', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, offering);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const [one, two] = [await opens(desk, source, 'one'), await opens(desk, source, 'two')];

    const accepted = await acceptContact(desk, actingAs(ann), one.id);
    const again = await acceptContact(desk, actingAs(ann), one.id);
    await writeMessage(desk, actingAs(ann), two.id, { text: 'Hello', kind: 'reply' });

    expect(accepted).toMatchObject({ status: 'assigned', offer_expires_at: null, version: 2 });
    expect(again).toEqual(accepted);
    expect(await standing(desk, two.id)).toEqual({ status: 'assigned', operatorId: ann, end: null });
    for (const { id } of [one, two])
      expect((await movesOf(desk, id)).at(-1)).toBe(`accepted ${ann} → ${ann} by operator:${ann}`);
  });

  test('declined, it goes on to the next one at its own age, and never back by itself', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, offering);
    const ann = await hasOperator(desk, { on: { [source]: HEAVY } });
    const { id, created_at } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });
    clock.advance(5_000);

    const declined = await declineContact(desk, actingAs(ann), id, { reason: 'lunch' });
    const offeredNext = await standing(desk, id);
    await releaseContact(desk, actingAs(bob), id);
    clock.advance(3_600_000);
    await updateOperator(desk, admin, ann, { max_load: 11 });

    expect(declined).toMatchObject({ status: 'assigned', operator_id: bob, created_at });
    expect(offeredNext.end).toBe('2026-01-01T00:00:35.000Z');
    expect(await standing(desk, id)).toMatchObject({ status: 'assigned', operatorId: bob });
    expect((await movesOf(desk, id)).slice(2, 4)).toEqual([
      `waiting ${ann} → - by operator:${ann}: declined: lunch`,
      `assigned - → ${bob} by routing: declined`,
    ]);
    expect(await loadsOf(desk)).toMatchObject([{ load: 0 }, { load: 1, counted: 1 }]);
  });

  test('when everybody has declined it waits, the decision says so, and a person may still take it', async () => {
    await using desk = await openTestDesk(database, { clock: stoppedClock() });
    const source = await hasSource(desk, offering);
    const operators: OperatorId[] = [];
    for (let n = 0; n < 3; n++) operators.push(await hasOperator(desk, { on: { [source]: 1 } }));
    const { id } = await opens(desk, source, 'lead');

    for (let n = 0; n < 3; n++) {
      const { operatorId } = await standing(desk, id);
      await declineContact(desk, actingAs(operatorId!), id, {});
    }

    expect(await standing(desk, id)).toEqual({ status: 'waiting', operatorId: null, end: null });
    expect(await newestDecision(desk, id)).toMatchObject({
      trigger: 'declined',
      outcome: 'waiting',
      refused: { declined: 3 },
      candidates: operators.map((operator_id) => ({ operator_id, reason: 'declined' })),
    });
    expect(await takeContact(desk, actingAs(operators[0]!), id)).toMatchObject({
      operator_id: operators[0],
      offer_expires_at: null,
    });
  });

  test('what nobody accepts in time goes on, and an old offer cannot be declined twice', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, offering);
    const ann = await hasOperator(desk, { on: { [source]: HEAVY } });
    const { id } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });

    clock.advance(HALF_A_MINUTE - 1);
    const next = await expireOffers(desk);
    const before = await standing(desk, id);
    clock.advance(1);
    await expireOffers(desk);

    expect(next).toEqual(new Date('2026-01-01T00:00:30.000Z'));
    expect(before.operatorId).toBe(ann);
    expect(await standing(desk, id)).toEqual({
      status: 'assigned',
      operatorId: bob,
      end: '2026-01-01T00:01:00.000Z',
    });
    await expect(declineContact(desk, actingAs(ann), id, {})).rejects.toMatchObject({ code: 'not-found' });
    clock.advance(HALF_A_MINUTE);
    expect(await expireOffers(desk)).toBeNull();
    expect(await newestDecision(desk, id)).toMatchObject({
      trigger: 'offer-expired',
      refused: { 'offer-expired': 2 },
    });
    expect((await movesOf(desk, id)).at(-1)).toBe(`waiting ${bob} → - by system: offer-expired`);
  });

  test('the gateway passes on by itself what is over, also what ended while none ran', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { offerSeconds: 1 });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    const waitsAgain = nextEvent(desk, (event) => event.type === 'contact.waiting' && event.contactId === id);

    await using _ = watchOffers(desk);
    await waitsAgain;
    const bob = await hasOperator(desk, { on: { [source]: 1 } });
    const offered = await opens(desk, source, 'other');
    const passedOn = nextEvent(desk, ({ type, contactId, operatorBefore }) => {
      return type === 'contact.waiting' && contactId === offered.id && operatorBefore !== null;
    });

    await passedOn;

    expect([ann, bob]).toContain(offered.operator_id);
    expect(await movesOf(desk, offered.id)).toContain(
      `waiting ${offered.operator_id} → - by system: offer-expired`,
    );
  });

  test('what a person gives is no offer, and giving an offer away ends it', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, offering);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const bob = await hasOperator(desk, { availability: 'paused', on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');

    const given = await assignContact(desk, supervisor, id, { operator_id: bob });
    const closed = await closeContact(desk, admin, (await opens(desk, source, 'other')).id, {});
    const reopened = await reopenContact(desk, admin, closed.id, {});

    expect(given.offer_expires_at).toBeNull();
    expect(closed).toMatchObject({ operator_id: ann, offer_expires_at: null });
    expect(reopened.offer_expires_at).not.toBeNull();
    await expect(declineContact(desk, actingAs(bob), id, {})).rejects.toMatchObject({ code: 'not-offered' });
  });

  test.each([
    ['takes', (desk: Desk, id: ContactId, ann: OperatorId) => takeContact(desk, actingAs(ann), id)],
    [
      'is given',
      (desk: Desk, id: ContactId, ann: OperatorId) =>
        assignContact(desk, supervisor, id, { operator_id: ann }),
    ],
  ])('whoever %s what is offered to it keeps it', async (_, give) => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, offering);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');

    const given = await give(desk, id, ann);
    clock.advance(HALF_A_MINUTE);
    await expireOffers(desk);

    expect(given.offer_expires_at).toBeNull();
    expect(await standing(desk, id)).toEqual({ status: 'assigned', operatorId: ann, end: null });
  });

  test('an offer that cannot be passed on stops no other', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const [one, two] = [await hasSource(desk, offering), await hasSource(desk, offering)];
    const ann = await hasOperator(desk, { on: { [one]: 1 } });
    await hasOperator(desk, { on: { [two]: 1 } });
    await opens(desk, one, 'first');
    const { id } = await opens(desk, two, 'second');
    // What no verb of ours does.
    await desk.store.write((tx) => tx.em.nativeUpdate(Operator, { id: ann }, { load: 0 }));
    clock.advance(HALF_A_MINUTE);

    const next = await expireOffers(desk);

    expect(await standing(desk, id)).toMatchObject({ status: 'waiting' });
    expect(next).toEqual(new Date('2026-01-01T00:00:31.000Z'));
  });

  test('who declined it may get it again when it was served and is opened again', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { ...offering, reopenMinutes: 10 });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId: id } = await writes(desk, source, 'lead');
    await declineContact(desk, actingAs(ann), id!, {});
    await closeContact(desk, admin, id!, {});

    await writes(desk, source, 'lead');

    expect(await standing(desk, id!)).toMatchObject({ status: 'assigned', operatorId: ann });
  });

  test('only its operator accepts or declines', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, offering);
    const ann = await hasOperator(desk, { on: { [source]: HEAVY } });
    const { id } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });

    for (const act of [
      acceptContact,
      (...args: [Desk, typeof admin, ContactId]) => declineContact(...args, {}),
    ]) {
      await expect(act(desk, actingAs(bob), id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(act(desk, actingAs(bob, 'supervisor'), id)).rejects.toMatchObject({ code: 'not-yours' });
      await expect(act(desk, admin, id)).rejects.toMatchObject({ code: 'no-operator' });
    }
    expect(await standing(desk, id)).toMatchObject({ operatorId: ann });
  });

  test('accepting and running out at the same moment: one of them holds, and the loads are right', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, offering);
    const ann = await hasOperator(desk, { maxLoad: 40, on: { [source]: 1 } });
    const contacts: ContactId[] = [];
    for (let n = 0; n < 20; n++) contacts.push((await opens(desk, source, `lead ${n}`)).id);
    clock.advance(HALF_A_MINUTE);

    const accepted = await Promise.all([
      ...contacts.map((id) => acceptContact(desk, actingAs(ann), id).then(Boolean, () => false)),
      expireOffers(desk),
    ]);
    await desk.drains.idle();

    const after = await Promise.all(contacts.map((id) => standing(desk, id)));
    expect(after.map(({ status }) => status === 'assigned')).toEqual(accepted.slice(0, -1));
    expect(await loadsOf(desk)).toMatchObject([
      { load: after.filter(({ status }) => status === 'assigned').length, maxLoad: 40 },
    ]);
    expect((await loadsOf(desk)).every(({ load, counted }) => load === counted)).toBe(true);
  });
});

test('what one gateway has offered another one passes on', async () => {
  await using gone = await openTestDesk('postgresql');
  const source = await hasSource(gone, { offerSeconds: 1 });
  const ann = await hasOperator(gone, { on: { [source]: 1 } });
  await using alive = await openTestDesk('postgresql', { url: gone.databaseUrl });
  await using _ = watchOffers(alive);
  const passedOn = nextEvent(alive, ({ type, operatorBefore }) => {
    return type === 'contact.waiting' && operatorBefore === ann;
  });

  const { id } = await opens(gone, source, 'lead');
  await passedOn;

  expect(await standing(gone, id)).toEqual({ status: 'waiting', operatorId: null, end: null });
});
