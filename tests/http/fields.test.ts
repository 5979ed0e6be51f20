import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { holderOf, madeContact, madeOperator, startTestApp } from '../support/http.ts';
import { openConsole } from '../realtime/console.ts';
import { askedForOthers, type Guarded, leaksIn, openWithCanaries } from './support/canaries.ts';
import { hasToken } from './support/callers.ts';
import { filledPath, type Operation, operationsOf } from './support/operations.ts';

/** The thing of the operator that an id in a path names. */
function ownOf({ me, ours, own }: Guarded, { ids }: Operation, message: number, session: number): number[] {
  const named = {
    contact: own.id,
    message,
    lead: own.lead_id,
    operator: me.id,
    source: ours.id,
    token: 1,
    session,
  };
  return ids.map(({ kind }) => named[kind]);
}

describe.each(databases)('on %s', (database) => {
  test('an operator is told nothing of others, in no answer', async () => {
    await using app = await startTestApp(database);
    const floor = await openWithCanaries(app);
    const looks = (await operationsOf(app)).filter(
      ({ method, path }) => method === 'GET' && path.startsWith('/api/v1/'),
    );

    const answers = await Promise.all(
      looks.map(async (operation) => {
        const path = filledPath(operation, ownOf(floor, operation, 1, 1));
        return [operation.id, (await floor.asMe('GET', `/${path}`)).text] as const;
      }),
    );
    const lists = await askedForOthers(floor.asMe, floor);

    const told = [...answers.map(([id, text]) => [id, parsed(text)] as const), ...lists];
    const leaks = told.flatMap(([what, json]) => leaksIn(json, floor.me).map((leak) => `${what}: ${leak}`));
    expect(leaks).toEqual([]);
    expect(told.length).toBeGreaterThan(25);
  });

  test('of the other contacts of a lead no more is told than where they stand', async () => {
    await using app = await startTestApp(database);
    const { own, elsewhere, asMe } = await openWithCanaries(app);

    const { json } = await asMe<{ contacts: { id: number }[] }>('GET', `/leads/${own.lead_id}`);

    expect(json.contacts.map(({ id }) => id)).toEqual([elsewhere.id, own.id]);
    for (const contact of json.contacts)
      expect(Object.keys(contact).sort()).toEqual(['created_at', 'id', 'source', 'status']);
  });

  test('whoever opens a contact that is not for it to see hears nothing of its lead but its own words', async () => {
    await using app = await startTestApp(database);
    const floor = await openWithCanaries(app);
    const intake = await holderOf(app, { scope: 'ingest' });
    const key = { 'idempotency-key': 'once' };
    const theirs = `/sources/${floor.theirs.id}`;
    const weights = [floor.stranger, await madeOperator(app)].map(({ id }) => ({
      operator_id: id,
      weight: 1,
    }));
    await app.admin('PUT', `${theirs}/operators`, { body: { operator_weights: weights } });
    // Somebody gets it, and somebody would be next.
    await app.admin('PATCH', theirs, { body: { require_presence: false, strategy: 'smooth_weighted' } });
    const body = { external_id: 'canary-external', source_id: floor.theirs.id, text: 'hello' };

    for (const client of [floor.asMe, intake])
      for (const headers of [{}, key, key]) {
        const { status, json } = await client<Told>('POST', '/contacts', { body, headers });
        expect(status).toBeLessThan(300);
        expect({ ...json, lead: { ...json.lead, external_id: '' } }).toMatchObject({
          text: 'hello',
          lead: { name: null },
          last_message: null,
          decision: { candidates: [], runner_up: null },
        });
      }
  });

  test('no answer holds a secret, whoever asks', async () => {
    await using app = await startTestApp(database);
    const floor = await openWithCanaries(app);
    const looks = (await operationsOf(app)).filter(({ method }) => method === 'GET');

    const texts = await Promise.all(
      looks.map(async (operation) => {
        const path = filledPath(operation, ownOf(floor, operation, 1, 1));
        return (await app.admin('GET', `/${path}`)).text;
      }),
    );

    for (const [what, secret] of Object.entries(floor.secrets))
      expect(
        texts.filter((text) => text.includes(secret)),
        what,
      ).toEqual([]);
    expect(texts.join('\n')).not.toMatch(/\$argon2|"(?:hash|password|sealed\w*)"/);
  });

  test('a console hears nothing of what is not for its operator to see', async () => {
    await using app = await startTestApp(database);
    const floor = await openWithCanaries(app);
    const { me, colleague, stranger, ours, theirs, hidden, asStranger } = floor;
    using hers = await openConsole(app.url, (await hasToken(app, me.id)).secret);
    using boss = await openConsole(
      app.url,
      (await hasToken(app, (await madeOperator(app, { role: 'admin' })).id)).secret,
    );
    const snapshot = await hers.subscribe(null);
    const after = await hers.subscribe(snapshot.cursor);
    await boss.subscribe(null);

    await app.admin('PATCH', `/sources/${ours.id}`, { body: { queue_notice: 'canary-again {place}' } });
    await app.admin('PATCH', `/sources/${theirs.id}`, { body: { name: 'canary-source' } });
    for (const { id } of [colleague, stranger])
      await app.admin('PATCH', `/operators/${id}`, { body: { availability: 'available' } });
    const { id } = await madeContact(app, theirs.id, 'canary-new');
    await app.admin('POST', `/contacts/${id}/assign`, { body: { operator_id: stranger.id } });
    await asStranger('POST', `/contacts/${id}/messages`, { body: { text: 'canary-said' } });
    await app.admin('PATCH', `/leads/${hidden.lead_id}`, { body: { name: 'canary-renamed' } });
    await asStranger('POST', `/contacts/${id}/close`, { body: { reason: 'canary-closed' } });
    const last = await madeContact(app, ours.id, 'last');
    for (const console of [hers, boss])
      await console.hears(
        ({ type, data }) => type.startsWith('contact.') && (data as { id: number }).id === last.id,
      );

    expect(leaksIn([snapshot, after, hers.heard], me)).toEqual([]);
    expect(hers.heard.map(({ type }) => type)).toContain('source.updated');
    expect(leaksIn(boss.heard, me)).toContain('canary-said');
  });

  test('that somebody types is heard by those who see the contact, and said by its operator alone', async () => {
    await using app = await startTestApp(database);
    const { me, colleague, stranger, own, contactOf } = await openWithCanaries(app);
    const consoles = await Promise.all(
      [me, colleague, stranger].map(async ({ id }) => openConsole(app.url, (await hasToken(app, id)).secret)),
    );
    using closing = new DisposableStack();
    for (const console of consoles) closing.use(console);
    const [hers, colleagues, strangers] = consoles as [Opened, Opened, Opened];
    using boss = await openConsole(
      app.url,
      (await hasToken(app, (await madeOperator(app, { role: 'admin' })).id)).secret,
    );
    for (const console of [...consoles, boss]) await console.subscribe(null);
    const heard: [string, number][] = [];
    for (const [who, { socket }] of Object.entries({ hers, colleagues, strangers, boss }))
      socket.on('typing', ({ contact_id: id }: { contact_id: number }) => heard.push([who, id]));
    const foreign = await contactOf('foreign');

    for (const { socket } of [colleagues, strangers, boss]) socket.emit('typing', { contact_id: own.id });
    hers.socket.emit('typing', { contact_id: foreign.id });
    const typed = new Promise((resolve) => boss.socket.on('typing', resolve));
    // Once each of them has been answered, what it said before was looked at.
    for (const console of [colleagues, strangers, boss]) await console.subscribe(null);
    hers.socket.emit('typing', { contact_id: own.id });
    await typed;

    expect(heard).toEqual([['boss', own.id]]);
  });
});

type Told = { lead: Record<string, unknown> };
type Opened = Awaited<ReturnType<typeof openConsole>>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
