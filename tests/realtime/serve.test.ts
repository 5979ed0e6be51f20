import { describe, expect, test } from 'vitest';
import type { ContactId } from '../../src/contract/ids.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { receiveReach } from '../../src/desk/receive-reach.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  writes,
} from '../support/desk.ts';
import { openConsole, serveRealtime } from './console.ts';

const ofContact = (id: ContactId, type: string) => (event: { type: string; data: unknown }) =>
  event.type === type && (event.data as { id: number }).id === id;

describe.each(databases)('on %s', (database) => {
  test('a console starts with a snapshot of what its operator may see', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const [mine, foreign] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [mine]: 1 } });
    const [own, waiting] = [await opens(desk, mine, 'a'), await opens(desk, mine, 'b')];
    await opens(desk, foreign, 'c');
    using console = await openConsole(realtime.url, realtime.admit(actingAs(ann)));

    const answer = await console.subscribe(null);

    expect(answer).toMatchObject({
      snapshot: { operator: { id: ann, load: 1 }, counts: { mine: 1, queue: 1, all: 2 } },
    });
    const { contacts } = 'snapshot' in answer ? answer.snapshot : { contacts: [] };
    expect(new Set(contacts.map((contact) => contact.id))).toEqual(new Set([own.id, waiting.id]));
  });

  test('an assignment and the messages of the contact reach the console of its operator alone', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const bob = await hasOperator(desk);
    using hers = await openConsole(realtime.url, realtime.admit(actingAs(ann)));
    using his = await openConsole(realtime.url, realtime.admit(actingAs(bob)));
    using boss = await openConsole(realtime.url, realtime.admit(admin));
    for (const console of [hers, his, boss]) await console.subscribe(null);

    const { contactId } = await writes(desk, source, 'lead', { text: 'is anybody there?' });

    await hers.hears(ofContact(contactId!, 'contact.assigned'));
    const said = await hers.hears((event) => event.type === 'message.created');
    expect(said.data).toMatchObject({ contact_id: contactId, text: 'is anybody there?' });
    await boss.hears((event) => event.type === 'message.created');
    expect(
      his.heard.filter((event) => event.type.startsWith('contact') || event.type.startsWith('message')),
    ).toEqual([]);
  });

  test('that a lead cannot be reached any more reaches the console, and stands in the next snapshot', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const source = await hasSource(desk, { kind: 'telegram' });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId } = await writes(desk, source, 'tg:5', { chat: '5' });
    using hers = await openConsole(realtime.url, realtime.admit(actingAs(ann)));
    await hers.subscribe(null);
    const at = new Date();

    await receiveReach(desk, { sourceId: source, lead: 'tg:5', chat: '5', isOpen: false, at });

    const unreachable = { reason: 'blocked-by-user', since: at.toISOString() };
    const told = await hers.hears(ofContact(contactId!, 'contact.updated'));
    expect(told.data).toMatchObject({ unreachable });
    using anew = await openConsole(realtime.url, realtime.admit(actingAs(ann)));
    expect(await anew.subscribe(null)).toMatchObject({
      snapshot: { contacts: [{ id: contactId, unreachable }] },
    });
  });

  test('whoever loses a contact hears who has it now, and nothing of it afterwards', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { name: 'Ann', on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { name: 'Bob', on: { [source]: 1 } });
    using hers = await openConsole(realtime.url, realtime.admit(actingAs(ann)));
    using his = await openConsole(realtime.url, realtime.admit(actingAs(bob)));
    for (const console of [hers, his]) await console.subscribe(null);

    await assignContact(desk, admin, id, { operator_id: bob });
    await writeMessage(desk, actingAs(bob), id, { text: 'hello', kind: 'reply' });

    const left = await hers.hears(ofContact(id, 'contact.left'));
    expect(left.data).toMatchObject({ to: { id: bob, name: 'Bob' } });
    await his.hears((event) => event.type === 'message.created');
    const { id: later } = await opens(desk, source, 'another');
    await closeContact(desk, admin, later, {});
    await Promise.race([hers, his].map((console) => console.hears(ofContact(later, 'contact.closed'))));
    expect(hers.heard.some((event) => event.type === 'message.created')).toBe(false);
  });

  test('the others of the queue hear who took a waiting contact', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const source = await hasSource(desk, { isActive: false });
    const [ann, bob] = [
      await hasOperator(desk, { name: 'Ann', on: { [source]: 1 } }),
      await hasOperator(desk, { name: 'Bob', on: { [source]: 1 } }),
    ];
    const { id } = await opens(desk, source, 'lead');
    using hers = await openConsole(realtime.url, realtime.admit(actingAs(ann)));
    await hers.subscribe(null);

    await takeContact(desk, actingAs(bob), id);

    const left = await hers.hears(ofContact(id, 'contact.left'));
    expect(left.data).toMatchObject({ id, version: 2, to: { id: bob, name: 'Bob' } });
  });

  test('a console that comes back with its cursor gets exactly what it missed', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 100, on: { [source]: 1 } });
    const token = realtime.admit(actingAs(ann));
    const before = await openConsole(realtime.url, token);
    await before.subscribe(null);
    await opens(desk, source, 'seen');
    const { cursor } = await before.hears((event) => event.type === 'contact.assigned');
    before.socket.disconnect();
    using witness = await openConsole(realtime.url, realtime.admit(admin));
    await witness.subscribe(null);
    const missed = [await opens(desk, source, 'm1'), await opens(desk, source, 'm2')];
    // What has reached another console can be read by anybody.
    await witness.hears(ofContact(missed[1]!.id, 'contact.assigned'));
    using after = await openConsole(realtime.url, token);

    const answer = await after.subscribe(cursor);

    const events = 'events' in answer ? answer.events : [];
    const heard = [...events, ...after.heard].filter((event) => event.type === 'contact.assigned');
    expect(heard.map((event) => (event.data as { id: number }).id)).toEqual(
      missed.map((contact) => contact.id),
    );
  });

  test('a cursor that is none, or one too far behind, gets a snapshot', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const source = await hasSource(desk);
    const start = await desk.store.feed.cursor();
    using boss = await openConsole(realtime.url, realtime.admit(admin));
    await boss.subscribe(null);
    const arrivals = await Promise.all(
      Array.from({ length: 520 }, (_, n) => opens(desk, source, `lead-${n}`)),
    );
    const newest = Math.max(...arrivals.map((contact) => contact.id)) as ContactId;
    await boss.hears(ofContact(newest, 'contact.waiting'));

    const answers = [
      await boss.subscribe(start),
      await boss.subscribe('99999.99999'),
      await boss.subscribe('nonsense'),
    ];

    for (const answer of answers) expect(answer).toMatchObject({ snapshot: { counts: { queue: 520 } } });
  });

  test('a stranger, a foreign origin and a token that may only bring contacts are refused', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const ingest = realtime.admit({
      ...admin,
      scope: 'ingest',
    });

    const attempts = [
      openConsole(realtime.url, 'no such secret'),
      openConsole(realtime.url, ingest),
      openConsole(realtime.url, realtime.admit(admin), { origin: 'https://evil.example' }),
    ];

    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test('words that are not of the contract are answered with an error and nothing else', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    using boss = await openConsole(realtime.url, realtime.admit(admin));

    const answer: unknown = await boss.socket.emitWithAck('subscribe', { after: 5 });
    boss.socket.emit('subscribe', 'no acknowledgement');
    boss.socket.emit('typing', { contact_id: 'x' });

    expect(answer).toEqual({ error: 'invalid' });
    expect(await boss.subscribe(null)).toHaveProperty('snapshot');
  });
});
