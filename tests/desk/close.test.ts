import { describe, expect, test } from 'vitest';
import type { ContactId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
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
  writes,
} from '../support/desk.ts';

const paused = 'paused' as const;

describe.each(databases)('on %s', (database) => {
  test('a closed contact names who had it and why it is closed; the seat is free', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    clock.advance(60_000);

    const closed = await closeContact(desk, actingAs(ann), id, { reason: 'solved' });

    expect(closed).toMatchObject({
      status: 'closed',
      operator_id: ann,
      closed_at: clock.now().toISOString(),
      close_reason: 'solved',
      version: 2,
    });
    expect(await getContact(desk, actingAs(ann), id)).toEqual(closed);
    expect((await movesOf(desk, id)).at(-1)).toBe(`closed ${ann} → ${ann} by operator:${ann}: solved`);
    expect(await loadsOf(desk)).toMatchObject([{ load: 0, counted: 0 }]);
  });

  test('a second close changes nothing, whatever reason it gives', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    const closed = await closeContact(desk, actingAs(ann), id, { reason: 'solved' });
    const moves = await movesOf(desk, id);
    clock.advance(60_000);

    const again = await closeContact(desk, actingAs(ann), id, { reason: 'spam' });

    expect(again).toEqual(closed);
    expect(await movesOf(desk, id)).toEqual(moves);
    expect(await loadsOf(desk)).toMatchObject([{ load: 0, counted: 0 }]);
  });

  test('ten closes at once free one seat', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'a');
    await opens(desk, source, 'b');

    const closed = await Promise.all(Array.from({ length: 10 }, () => closeContact(desk, admin, id, {})));

    expect(new Set(closed.map((contact) => contact.closed_at)).size).toBe(1);
    expect((await movesOf(desk, id)).filter((move) => move.startsWith('closed'))).toHaveLength(1);
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('as many wait as seats are freed at once: each gets one', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { maxLoad: 8, on: { [source]: 1 } });
    const contacts = await Promise.all(
      Array.from({ length: 16 }, (_, n) => opens(desk, source, `lead ${n}`)),
    );
    const assigned = contacts.filter((contact) => contact.status === 'assigned');

    await Promise.all(assigned.map(({ id }) => closeContact(desk, admin, id, {})));
    await desk.drains.idle();

    for (const { id, status } of contacts)
      expect((await getContact(desk, admin, id)).status).toBe(status === 'assigned' ? 'closed' : 'assigned');
    expect(await loadsOf(desk)).toMatchObject([{ load: 8, counted: 8 }]);
  });

  test('a waiting contact is closed without an operator, and no seat is freed', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    await opens(desk, source, 'first');
    const { id } = await waits(desk, source, 'second');

    const closed = await closeContact(desk, supervisor, id, {});

    expect(closed).toMatchObject({ status: 'closed', operator_id: null, close_reason: null });
    expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  });

  test('a closed contact is not given out any more', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const first = await opens(desk, source, 'first');
    const closed = await waits(desk, source, 'closed');
    const next = await waits(desk, source, 'next');
    await closeContact(desk, admin, closed.id, {});

    await closeContact(desk, admin, first.id, {});

    expect(await getContact(desk, admin, closed.id)).toMatchObject({ status: 'closed', operator_id: null });
    expect(await getContact(desk, admin, next.id)).toMatchObject({ operator_id: ann });
  });

  test('the next message of the lead opens a new contact', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const { contactId } = await writes(desk, source, 'ann');
    await closeContact(desk, admin, contactId!, {});

    const next = await writes(desk, source, 'ann');

    expect(next.contactId).not.toBe(contactId);
    expect(await getContact(desk, admin, next.contactId!)).toMatchObject({ status: 'waiting' });
  });

  test('an operator closes its own contacts alone; to a stranger they are not there', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { availability: paused, on: { [source]: 1 } });
    await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    const stranger = await hasOperator(desk);
    const ofBob = await opens(desk, source, 'of Bob');
    const inQueue = await waits(desk, source, 'in the queue');
    const close = (who: typeof ann, id: ContactId): Promise<unknown> =>
      closeContact(desk, actingAs(who), id, {});

    await expect(close(ann, inQueue.id)).rejects.toMatchObject({ code: 'forbidden' });
    for (const id of [ofBob.id, 404 as ContactId])
      await expect(close(ann, id)).rejects.toMatchObject({ code: 'not-found' });
    for (const id of [ofBob.id, inQueue.id])
      await expect(close(stranger, id)).rejects.toMatchObject({ code: 'not-found' });
  });
});
