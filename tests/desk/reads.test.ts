import { describe, expect, test } from 'vitest';
import { type Contact, ContactQuery } from '../../src/contract/contact.ts';
import type { ContactId, LeadId } from '../../src/contract/ids.ts';
import type { Page, PageQuery } from '../../src/contract/page.ts';
import type { Actor } from '../../src/desk/actor.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions, listTrail } from '../../src/desk/contact-history.ts';
import { getContact, listContacts } from '../../src/desk/contacts.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { takeSnapshot } from '../../src/desk/snapshot.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  stoppedClock,
  type TestDesk,
  waits,
  writes,
} from '../support/desk.ts';

const paused = 'paused' as const;

async function found(desk: TestDesk, actor: Actor, query: object = {}): Promise<ContactId[]> {
  const { items } = await listContacts(desk, actor, ContactQuery.parse(query));
  return items.map((contact) => contact.id);
}

/** All pages of a list, each asked for with the cursor of the one before. */
async function pages<T>(
  list: (query: PageQuery) => Promise<Page<T>>,
  limit: number,
  between: () => Promise<unknown> = async () => {},
): Promise<T[][]> {
  const all: T[][] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next_cursor } = await list({ limit, cursor });
    all.push(items);
    if (next_cursor === null) return all;
    cursor = next_cursor;
    await between();
  }
}

describe.each(databases)('on %s', (database) => {
  test('contacts are listed newest first, page by page, without a gap or a repeat while others come', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ids: ContactId[] = [];
    for (let n = 0; n < 7; n++) ids.push((await opens(desk, source, `lead ${n}`)).id);
    let late = 0;

    const read = await pages<Contact>(
      (query) => listContacts(desk, admin, query),
      3,
      () => opens(desk, source, `late ${late++}`),
    );

    expect(read.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(read.flat().map(({ id }) => id)).toEqual(ids.toReversed());
  });

  test('a page that ends with the list has no next one', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await opens(desk, source, 'a');
    await opens(desk, source, 'b');

    const exact = await listContacts(desk, admin, { limit: 2 });
    const empty = await listContacts(desk, admin, { limit: 2, status: 'closed' });

    expect([exact.items.length, exact.next_cursor]).toEqual([2, null]);
    expect(empty).toEqual({ items: [], next_cursor: null });
  });

  test('what is no cursor of a list is a fault in the request', async () => {
    await using desk = await openTestDesk(database);
    const { id } = await opens(desk, await hasSource(desk), 'lead');
    const foreign = [
      'x',
      '',
      'eyJhIjoxfQ',
      'WzFd!',
      ' WzFd',
      'WzAsMV0',
      'WyJhIl0',
      'Wy0xXQ',
      'WzEuNV0',
      'bnVsbA',
    ];

    for (const cursor of foreign) {
      const query = { limit: 2, cursor };
      const reads = await Promise.allSettled([
        listContacts(desk, admin, query),
        listMessages(desk, admin, id, query),
        listDecisions(desk, admin, id, query),
        listTrail(desk, admin, id, query),
      ]);
      const fault = { code: 'invalid', details: { errors: [{ path: 'cursor' }] } };
      expect(reads, cursor).toMatchObject(reads.map(() => ({ status: 'rejected', reason: fault })));
    }
  });

  test('contacts are filtered by status, operator, source, lead and time, alone and together', async () => {
    const clock = stoppedClock('2026-01-01T00:00:00.000Z');
    await using desk = await openTestDesk(database, { clock });
    const [one, two] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { on: { [one]: 1 } });
    const first = await opens(desk, one, 'ann');
    clock.advance(1000);
    const second = await opens(desk, one, 'bob');
    clock.advance(1000);
    const third = await opens(desk, two, 'ann');
    await closeContact(desk, admin, first.id, {});

    const at = (second_: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second_)).toISOString();
    const expected: [object, Contact[]][] = [
      [{}, [third, second, first]],
      [{ status: 'closed' }, [first]],
      [{ status: 'waiting' }, [third]],
      [{ operator_id: ann }, [second, first]],
      [{ operator_id: ann, status: 'assigned' }, [second]],
      [{ source_id: two }, [third]],
      [{ lead_id: first.lead_id }, [third, first]],
      [{ lead_id: 404 as LeadId }, []],
      [{ from: at(1) }, [third, second]],
      [{ to: at(1) }, [first]],
      [{ from: at(1), to: at(2) }, [second]],
      [{ from: at(2), to: at(2) }, []],
    ];
    for (const [query, contacts] of expected)
      expect(await found(desk, admin, query), JSON.stringify(query)).toEqual(contacts.map(({ id }) => id));
  });

  test('a search finds words of the contact and its lead, and takes no sign for a pattern', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const percent = await writes(desk, source, 'lead-1', { text: 'I want 100% wool', name: 'Ann' });
    const under = await writes(desk, source, 'lead_2', { text: 'a_b \\ c', name: "O'Hara" });
    await writes(desk, source, 'lead-3', { text: 'nothing', name: 'Bob' });
    await writes(desk, source, 'lead-1', { text: 'blue' });
    const [one, two] = [percent.contactId!, under.contactId!];

    const expected: [string, ContactId[]][] = [
      ['100%', [one]],
      ['%', [one]],
      ['_', [two]],
      ['a_b', [two]],
      ['\\', [two]],
      ['!', []],
      ["o'h", [two]],
      ['ANN', [one]],
      ['BLUE', [one]],
      ['lead_2', [two]],
      ['%%', []],
    ];
    for (const [q, ids] of expected) expect(await found(desk, admin, { q }), q).toEqual(ids);
    expect(await found(desk, admin, { q: '  ' })).toHaveLength(3);
  });

  test('an operator sees its own contacts, whatever became of them, and the queues of its sources', async () => {
    await using desk = await openTestDesk(database);
    const [mine, others] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { maxLoad: 2, on: { [mine]: 1 } });
    const bob = await hasOperator(desk, { maxLoad: 1, availability: paused, on: { [mine]: 1, [others]: 0 } });
    const held = await opens(desk, mine, 'held');
    const done = await opens(desk, mine, 'done');
    const ofBob = await waits(desk, mine, 'of Bob');
    await assignContact(desk, admin, ofBob.id, { operator_id: bob });
    await closeContact(desk, admin, done.id, {});
    const next = await opens(desk, mine, 'next');
    const queued = await waits(desk, mine, 'queued');
    const elsewhere = await waits(desk, others, 'elsewhere');

    expect(await found(desk, actingAs(ann))).toEqual([queued.id, next.id, done.id, held.id]);
    expect(await found(desk, actingAs(bob))).toEqual([queued.id, ofBob.id]);
    for (const { id } of [ofBob, elsewhere])
      await expect(getContact(desk, actingAs(ann), id)).rejects.toMatchObject({ code: 'not-found' });
    for (const read of [listMessages, listDecisions, listTrail])
      await expect(read(desk, actingAs(ann), ofBob.id, { limit: 5 })).rejects.toMatchObject({
        code: 'not-found',
      });
    expect(await found(desk, actingAs(ann, 'supervisor'))).toHaveLength(6);
  });

  test('a filter does not widen what an operator sees', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const [ann, bob] = [await hasOperator(desk), await hasOperator(desk, { on: { [source]: 1 } })];
    await opens(desk, source, 'lead');

    expect(await found(desk, actingAs(ann), { operator_id: bob })).toEqual([]);
    expect(await found(desk, actingAs(ann), { q: 'lead' })).toEqual([]);
  });

  test('nobody reads with a token for arrivals, or with an operator’s token that acts for nobody', async () => {
    await using desk = await openTestDesk(database);
    await opens(desk, await hasSource(desk), 'lead');

    await expect(found(desk, { ...admin, scope: 'ingest' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await found(desk, { ...admin, role: 'operator' })).toEqual([]);
  });

  test('messages are listed newest first, before one of them, and page by page', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const receipts = [];
    for (let n = 0; n < 5; n++) receipts.push(await writes(desk, source, 'lead', { text: `${n}` }));
    const id = receipts[0]!.contactId!;

    const read = await pages((query) => listMessages(desk, admin, id, query), 2);
    const before = await listMessages(desk, admin, id, { limit: 2, before: receipts[3]!.messageId! });
    const rest = await listMessages(desk, admin, id, {
      limit: 2,
      before: receipts[4]!.messageId!,
      cursor: before.next_cursor!,
    });

    expect(read.map((page) => page.map(({ text }) => text))).toEqual([['4', '3'], ['2', '1'], ['0']]);
    expect(before.items.map(({ text }) => text)).toEqual(['2', '1']);
    expect(rest.items.map(({ text }) => text)).toEqual(['0']);
  });

  test('decisions and moves of a contact are listed newest first, page by page', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { id, decision } = await opens(desk, source, 'lead');
    await releaseContact(desk, actingAs(ann), id);
    await closeContact(desk, admin, id, { reason: 'spam' });

    const decisions = (await pages((query) => listDecisions(desk, admin, id, query), 1)).flat();
    const trail = (await pages((query) => listTrail(desk, admin, id, query), 2)).flat();

    expect(decisions.map(({ trigger }) => trigger)).toEqual(['released', 'arrival']);
    expect(decisions[1]).toEqual(decision);
    expect(trail.map(({ type, actor, reason, to }) => [type, actor, reason, to])).toEqual([
      ['contact.closed', 'token:environment', 'spam', { operator_id: null, status: 'closed' }],
      ['contact.waiting', `operator:${ann}`, 'released', { operator_id: null, status: 'waiting' }],
      ['contact.assigned', 'routing', 'arrival', { operator_id: ann, status: 'assigned' }],
      ['contact.created', 'token:environment', null, { operator_id: ann, status: 'assigned' }],
    ]);
  });

  test('a snapshot holds each view’s newest 200 contacts and counts all of them', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 2, on: { [source]: 1 } });
    for (const lead of ['a', 'b']) await opens(desk, source, lead);
    await Promise.all(Array.from({ length: 230 }, (_, n) => opens(desk, source, `lead ${n}`)));

    const snapshot = await takeSnapshot(desk, actingAs(ann));

    expect(snapshot.operator).toMatchObject({ id: ann, load: 2 });
    expect(snapshot.counts).toEqual({ mine: 2, queue: 230, all: 232 });
    expect(snapshot.contacts.filter(({ status }) => status === 'waiting')).toHaveLength(200);
    expect(snapshot.contacts.filter(({ operator_id }) => operator_id === ann)).toHaveLength(2);
    expect(new Set(snapshot.contacts.map(({ id }) => id)).size).toBe(202);
  });
});
