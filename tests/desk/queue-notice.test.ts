import { describe, expect, test } from 'vitest';
import { ContactCreate } from '../../src/contract/contact.ts';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { listContacts } from '../../src/desk/contacts.ts';
import { declineContact } from '../../src/desk/decline-contact.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { dueDeliveries } from '../../src/desk/due-deliveries.ts';
import { openContact } from '../../src/desk/open-contact.ts';
import { receiveReach } from '../../src/desk/receive-reach.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { reopenContact } from '../../src/desk/reopen-contact.ts';
import { tellPlaces } from '../../src/desk/tell-places.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { Message } from '../../src/store/entities/message.ts';
import { somebodyWaits } from '../store/ground.ts';
import {
  actingAs,
  admin,
  databases,
  everythingTold,
  hasOperator,
  hasSource,
  openTestDesk,
  stoppedClock,
  supervisor,
  type TestDesk,
  writes,
} from '../support/desk.ts';
import { closes, customer, customers, queueNotice, reach, said, telling, textsOf } from './notices.ts';

describe.each(databases)('on %s', (database) => {
  test('who waits is told its place by the bot, behind what it wrote', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, telling);
    const { contactId, messageId } = await writes(desk, source, 'tg:5', { chat: '5', text: 'anybody?' });

    await tellPlaces(desk, source);

    const message = await desk.store.em().findOneOrFail(Message, { author: 'bot' });
    expect(message).toMatchObject({
      text: 'You are 1.',
      status: 'queued',
      operatorId: null,
      sourceId: source,
    });
    expect(message.contact.id).toBe(contactId);
    expect(message.id).toBeGreaterThan(messageId!);
    expect(await dueDeliveries(desk, [source], 10)).toMatchObject([
      { kind: 'telegram', lane: 'chat:5', chat: '5', text: 'You are 1.', messageId: message.id, attempt: 0 },
    ]);
    expect((await everythingTold(desk)).at(-1)).toMatchObject({
      type: 'message.created',
      contactId,
      sourceId: source,
      statusBefore: 'waiting',
      statusAfter: 'waiting',
      operatorAfter: null,
      data: { author: 'bot', text: 'You are 1.', status: 'queued' },
    });
    const { items } = await listContacts(desk, admin, { limit: 5 });
    expect(items).toMatchObject([{ version: 1, last_message: { author: 'lead', text: 'anybody?' } }]);
  });

  test('who gets an operator at once is told nothing, and counts in no queue', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    const other = await hasSource(desk, telling);
    await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });
    await customer(desk, source, 1);
    await customer(desk, other, 2);

    const waiting = await customer(desk, source, 3);
    await tellPlaces(desk, source);

    expect(await said(desk)).toEqual([[waiting, 'You are 1.']]);
  });

  test('it is told again at half of what it was told, and at the front; nothing is told twice', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram', queueNotice: '{place} – only {place}!' });
    const contacts = await customers(desk, source, 8);
    await tellPlaces(desk, source);
    const rounds = [(await textsOf(desk)).map((text) => Number(text[0]))];

    for (const id of contacts) {
      await closes(desk, id);
      const before = (await said(desk)).length;
      await tellPlaces(desk, source);
      await tellPlaces(desk, source);
      const news = (await said(desk)).slice(before);
      rounds.push(news.map(([, text]) => Number(text[0])));
    }

    expect(rounds).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1],
      [1, 2],
      [1, 2, 3],
      [1, 3, 4],
      [1],
      [1, 2],
      [1],
      [],
    ]);
    expect((await textsOf(desk)).at(-1)).toBe('1 – only 1!');
  });

  test('who is pushed back by an older one is not told of it', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    const [first, second] = await customers(desk, source, 2);
    await closes(desk, first!);
    await tellPlaces(desk, source);

    await reopenContact(desk, admin, first!, {});
    await tellPlaces(desk, source);

    expect(await said(desk)).toEqual([
      [second, 'You are 1.'],
      [first, 'You are 1.'],
    ]);
  });

  test('each is told in its own language, and whoever has no text in it when there is one', async () => {
    await using desk = await openTestDesk(database);
    const queueNotices = { ru: 'Вы {place}-й.', 'pt-br': 'É o {place}.' };
    const source = await hasSource(desk, { kind: 'telegram', queueNotices });
    await customer(desk, source, 1, 'ru-RU');
    await customer(desk, source, 2, 'en');
    await customer(desk, source, 3, 'pt-BR');
    await customer(desk, source, 4, 'pt');
    await customer(desk, source, 5, 'rue');
    await customer(desk, source, 6);

    const first = await tellPlaces(desk, source);
    const again = await tellPlaces(desk, source);
    const before = await textsOf(desk);
    await updateSource(desk, admin, String(source), { queue_notice: queueNotice });
    await tellPlaces(desk, source);

    expect([first, again]).toEqual([true, false]);
    expect(before).toEqual(['Вы 1-й.', 'É o 3.']);
    expect((await textsOf(desk)).slice(2)).toEqual(['You are 2.', 'You are 4.', 'You are 5.', 'You are 6.']);
  });

  test('on a source of API calls it is sent when it is committed, and a callback is queued', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const api = await hasSource(desk, { queueNotice });
    const shop = await hasSource(desk, { kind: 'webhook', callbackUrl: 'https://example.org/', queueNotice });
    await writes(desk, api, 'ann');
    await writes(desk, shop, 'bob');

    await tellPlaces(desk, api);
    await tellPlaces(desk, shop);

    const messages = await desk.store.em().find(Message, { author: 'bot' }, { orderBy: { id: 'asc' } });
    expect(messages).toMatchObject([{ status: 'sent', sentAt: clock.now() }, { status: 'queued' }]);
    expect(await desk.store.em().find(Delivery, {})).toMatchObject([{ kind: 'callback', chat: null }]);
  });

  test('where nothing leads to it, it is not told, and holds up nobody', async () => {
    await using desk = await openTestDesk(database);
    const mute = await hasSource(desk, { kind: 'webhook', queueNotice });
    const off = await hasSource(desk, { ...telling, isActive: false });
    const bot = await hasSource(desk, telling);
    const byPhone = (externalId: string) =>
      openContact(desk, admin, ContactCreate.parse({ external_id: externalId, source_id: bot }), null);
    await writes(desk, mute, 'ann');
    await customer(desk, off, 1);
    await byPhone('tg:2');
    const known = await customer(desk, bot, 3);
    await closes(desk, known);
    const { contact } = await byPhone('tg:3');

    for (const source of [mute, off, bot, 999 as SourceId]) await tellPlaces(desk, source);

    expect(await said(desk)).toEqual([[contact.id, 'You are 2.']]);
    expect(await desk.store.em().find(Delivery, {})).toMatchObject([{ chat: '3' }]);
  });

  test('a lead that has blocked the bot is told nothing until it can be reached again', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, telling);
    const [first] = await customers(desk, source, 2);
    clock.advance(1000);
    await receiveReach(desk, reach(source, 1, false, clock.now()));
    await tellPlaces(desk, source);
    const before = await textsOf(desk);
    clock.advance(1000);

    await receiveReach(desk, reach(source, 1, true, clock.now()));
    await tellPlaces(desk, source);

    expect(before).toEqual(['You are 2.']);
    expect((await said(desk)).at(-1)).toEqual([first, 'You are 1.']);
  });

  const TEN_HOURS = 36_000_000;
  test.each<[string, (desk: TestDesk, id: ContactId, ann: OperatorId) => Promise<unknown>]>([
    ['was released', (desk, id, ann) => releaseContact(desk, actingAs(ann), id)],
    ['was declined', (desk, id, ann) => declineContact(desk, actingAs(ann), id, {})],
    [
      'lost its operator',
      (desk, _, ann) => updateOperator(desk, admin, ann, { is_active: false, open_contacts: 'requeue' }),
    ],
    [
      'was closed and is opened again',
      async (desk, id, ann) => {
        await updateOperator(desk, admin, ann, { availability: 'paused' });
        await closes(desk, id);
        await reopenContact(desk, admin, id, {});
      },
    ],
    [
      'was closed and writes again',
      async (desk, id, ann) => {
        await updateOperator(desk, admin, ann, { availability: 'paused' });
        await closes(desk, id);
        await writes(desk, (await placeOf(desk, id)).source.id, 'tg:1', { chat: '1' });
      },
    ],
  ])('who %s is told its place anew', async (_, goesBack) => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, { ...telling, offerSeconds: 60, reopenMinutes: 1000 });
    const id = await customer(desk, source, 1);
    await tellPlaces(desk, source);
    const ann = await hasOperator(desk, { availability: 'paused', on: { [source]: 1 } });
    await updateOperator(desk, admin, ann, { availability: 'available' });
    const served = await placeOf(desk, id);
    await tellPlaces(desk, source);
    clock.advance(TEN_HOURS);

    await goesBack(desk, id, ann);
    await desk.drains.idle();
    await tellPlaces(desk, source);

    expect(served.status).toBe('assigned');
    expect(await said(desk)).toEqual([
      [id, 'You are 1.'],
      [id, 'You are 1.'],
    ]);
  });

  const placeOf = (desk: Desk, id: ContactId) => desk.store.em().findOneOrFail(Contact, { id });

  test.each<[string, (desk: Desk, id: ContactId, ann: OperatorId) => Promise<unknown>]>([
    ['is closed', (desk, id) => closes(desk, id)],
    ['gets an operator', (desk, id, ann) => assignContact(desk, supervisor, id, { operator_id: ann })],
  ])('who %s while its place is looked up is told nothing, and the next one the truth', async (_, leaves) => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    const ann = await hasOperator(desk);
    const [first, second] = await customers(desk, source, 2);

    // The contact is held by somebody else while the look begins.
    const [both] = await desk.store.write(async (tx) => {
      await tx.sql.lockContacts([first!]);
      const leaving = leaves(desk, first!, ann);
      await somebodyWaits(desk);
      const looking = tellPlaces(desk, source);
      await somebodyWaits(desk, 2);
      return [Promise.all([leaving, looking])];
    });
    await both;

    expect(await said(desk)).toEqual([[second, 'You are 1.']]);
  });

  test('two gateways that look at once tell each change once', async () => {
    await using desk = await openTestDesk(database);
    // SQLite has one gateway: there its two doors are the same one.
    await using other =
      database === 'sqlite' ? null : await openTestDesk(database, { url: desk.databaseUrl });
    const source = await hasSource(desk, telling);
    const contacts = await customers(desk, source, 12);
    const lookAtOnce = () =>
      Promise.all(
        Array.from({ length: 6 }, (_, n) => tellPlaces(n % 2 === 0 ? desk : (other ?? desk), source)),
      );

    await lookAtOnce();
    const told = await said(desk);
    for (const id of contacts.slice(0, 6)) await closes(desk, id);
    await lookAtOnce();

    const numbered = (ids: ContactId[]) => ids.map((id, index) => [id, `You are ${index + 1}.`]);
    expect(told).toEqual(numbered(contacts));
    expect((await said(desk)).slice(12)).toEqual(numbered(contacts.slice(6)));
  });

  test('a long queue is told commit by commit, from its front on', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { queueNotice });
    await Promise.all(Array.from({ length: 300 }, (_, n) => writes(desk, source, `lead ${n}`)));

    const counts: [isMore: boolean, told: number][] = [];
    for (let n = 0; n < 4; n++) counts.push([await tellPlaces(desk, source), (await said(desk)).length]);

    expect(counts).toEqual([
      [true, 128],
      [true, 256],
      [true, 300],
      [false, 300],
    ]);
    expect(await textsOf(desk)).toEqual(Array.from({ length: 300 }, (_, n) => `You are ${n + 1}.`));
  });

  test('no more is told than the outbox has room for, and what is told later is true then', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, telling);
    const contacts = await customers(desk, source, 40);
    const isMore = [await tellPlaces(desk, source), await tellPlaces(desk, source)];
    const first = await textsOf(desk);

    for (const id of contacts.slice(0, 3)) await closes(desk, id);
    await desk.store.write((tx) => tx.em.nativeUpdate(Delivery, {}, { status: 'sent' }));
    await tellPlaces(desk, source);

    expect(isMore).toEqual([true, true]);
    expect(first).toEqual(Array.from({ length: 32 }, (_, n) => `You are ${n + 1}.`));
    expect((await textsOf(desk)).slice(32)).toEqual(
      [1, 2, 3, 30, 31, 32, 33, 34, 35, 36, 37].map((place) => `You are ${place}.`),
    );
  });
});
