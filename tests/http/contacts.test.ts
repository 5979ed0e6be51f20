import { describe, expect, test } from 'vitest';
import type { Contact, OpenedContact } from '../../src/contract/contact.ts';
import { databases } from '../support/desk.ts';
import { holderOf, madeContact, madeOperator, madeSource, startTestApp } from '../support/http.ts';

describe.each(databases)('on %s', (database) => {
  test('a contact is answered with the decision that gave it away', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { name: 'Ann' });
    const source = await madeSource(app, { name: 'Site' }, { [ann.id]: 3 });

    const answer = await app.admin<OpenedContact>('POST', '/contacts', {
      body: {
        external_id: '+49 151',
        source_code: source.code,
        text: 'Hello',
        name: 'Bob',
        email: 'b@example.com',
      },
    });

    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      status: 'assigned',
      operator_id: ann.id,
      operator: { id: ann.id, name: 'Ann' },
      lead: { external_id: '+49 151', name: 'Bob' },
      source: { id: source.id, code: source.code, name: 'Site' },
      text: 'Hello',
      decision: { trigger: 'arrival', outcome: 'assigned', operator_id: ann.id, total_weight: 3 },
    });
  });

  test('a contact that nobody can take is made all the same, and waits', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app);

    const { id, ...contact } = await madeContact(app, source.id);

    expect(contact).toMatchObject({
      status: 'waiting',
      operator_id: null,
      decision: { outcome: 'waiting', total_weight: 0, draw: null, candidates: [] },
    });
    const own = await app.admin('GET', `/contacts/${id}/decisions`);
    expect(own.json).toMatchObject({ items: [contact.decision], next_cursor: null });
  });

  test('the same key opens one contact, however often and however its body is written', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app);
    const sent = (body: object, token = app.admin) =>
      token<OpenedContact>('POST', '/contacts', { body, headers: { 'idempotency-key': 'k-1' } });
    const other = await holderOf(app, { scope: 'ingest' });

    const first = await sent({ external_id: 'ann', source_id: source.id });
    const again = await sent({ source_id: source.id, external_id: 'ann' });
    const changed = await sent({ external_id: 'bob', source_id: source.id });
    const others = await sent({ external_id: 'bob', source_id: source.id }, other);

    expect([first, again, changed, others].map((answer) => answer.status)).toEqual([201, 200, 409, 201]);
    expect(again.json.id).toBe(first.json.id);
    expect(changed.json).toMatchObject({ code: 'idempotency-mismatch' });
    expect(others.json.id).not.toBe(first.json.id);
  });

  test('two posts with one key at the same moment open one contact', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app);
    const body = { external_id: 'ann', source_id: source.id };

    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        app.admin<OpenedContact>('POST', '/contacts', { body, headers: { 'idempotency-key': 'k-1' } }),
      ),
    );

    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 200, 200, 200, 200, 200, 201,
    ]);
    expect(new Set(answers.map((answer) => answer.json.id)).size).toBe(1);
  });

  test('an unknown source opens nothing and leaves no lead behind', async () => {
    await using app = await startTestApp(database);

    const answer = await app.admin('POST', '/contacts', {
      body: { external_id: 'ann', source_code: 'nowhere' },
    });

    expect(answer.status).toBe(404);
    expect((await app.admin('GET', '/leads')).json).toEqual({ items: [], next_cursor: null });
  });

  test('whoever comes too late for a contact is told who has it', async () => {
    await using app = await startTestApp(database);
    const [ann, bob] = [await madeOperator(app, { name: 'Ann' }), await madeOperator(app)];
    const source = await madeSource(app, { require_presence: true }, { [ann.id]: 1, [bob.id]: 1 });
    const contact = await madeContact(app, source.id);
    const [asAnn, asBob] = [
      await holderOf(app, { operator_id: ann.id }),
      await holderOf(app, { operator_id: bob.id }),
    ];

    const taken = await asAnn<Contact>('POST', `/contacts/${contact.id}/take`);
    const late = await asBob('POST', `/contacts/${contact.id}/take`);

    expect(taken.json).toMatchObject({ status: 'assigned', operator_id: ann.id });
    expect(late.status).toBe(409);
    expect(late.json).toMatchObject({ code: 'already-taken', operator: { id: ann.id, name: 'Ann' } });
  });

  test('closing a closed contact changes nothing', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app);
    const { id } = await madeContact(app, source.id);

    const first = await app.admin<Contact>('PUT', `/contacts/${id}/close`, { body: { reason: 'answered' } });
    const again = await app.admin<Contact>('POST', `/contacts/${id}/close`, { body: { reason: 'spam' } });

    expect(first.json).toMatchObject({ status: 'closed', close_reason: 'answered' });
    expect(again.json).toEqual(first.json);
  });

  test('a list goes on where the page before ended, newest first, and each contact stands on one page', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app);
    const ids: number[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await madeContact(app, source.id)).id);
    type List = { items: Contact[]; next_cursor: string | null };

    const found: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/contacts?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const { json } = await app.admin<List>('GET', path);
      found.push(...json.items.map((contact) => contact.id));
      cursor = json.next_cursor;
    }

    expect(found).toEqual(ids.toReversed());
  });

  test('a reply on a source without a channel is sent at its commit, and once', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app);
    const source = await madeSource(app, {}, { [ann.id]: 1 });
    const { id } = await madeContact(app, source.id);
    const asAnn = await holderOf(app, { operator_id: ann.id });
    const body = { text: 'How can I help?', client_id: 'c-1' };

    const sent = await asAnn('POST', `/contacts/${id}/messages`, { body });
    const again = await asAnn('POST', `/contacts/${id}/messages`, { body });
    const other = await asAnn('POST', `/contacts/${id}/messages`, { body: { ...body, text: 'Else' } });

    expect([sent.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(sent.json).toMatchObject({
      author: 'operator',
      operator_id: ann.id,
      status: 'sent',
      client_id: 'c-1',
    });
    expect(again.json).toEqual(sent.json);
  });

  test('weights of 10 and 30 are shares of 25 and 75 per cent', async () => {
    await using app = await startTestApp(database);
    const [ann, bob] = [await madeOperator(app), await madeOperator(app)];
    const source = await madeSource(app, {}, { [ann.id]: 10, [bob.id]: 30 });
    await madeContact(app, source.id);

    const list = await app.admin('GET', `/sources/${source.code}/operators`);
    const distribution = await app.admin('GET', `/stats/distribution?source_id=${source.id}`);

    expect(list.json).toMatchObject({ items: [{ share: 0.25, eligible: true }, { share: 0.75 }] });
    expect(distribution.json).toMatchObject({
      items: [
        {
          total: 1,
          unassigned: 0,
          operators: [{ expected_share: 0.25 }, { expected_share: 0.75 }],
        },
      ],
    });
  });
});
