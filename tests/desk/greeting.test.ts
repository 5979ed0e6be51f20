import { describe, expect, test } from 'vitest';
import { ContactCreate } from '../../src/contract/contact.ts';
import type { SourceId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listContacts } from '../../src/desk/contacts.ts';
import { dueDeliveries } from '../../src/desk/due-deliveries.ts';
import { mergeLeads } from '../../src/desk/merge-leads.ts';
import { openContact } from '../../src/desk/open-contact.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { Message } from '../../src/store/entities/message.ts';
import { somebodyWaits } from '../store/ground.ts';
import {
  admin,
  databases,
  everythingTold,
  hasOperator,
  hasSource,
  openTestDesk,
  stoppedClock,
  type TestDesk,
  writes,
} from '../support/desk.ts';

const greeting = 'Welcome!';
const greetings = { ru: 'Здравствуйте!', pt: 'Olá!', 'pt-br': 'Oi!' };

const greetingsOf = (desk: TestDesk): Promise<Message[]> =>
  desk.store.em().find(Message, { author: 'bot' }, { orderBy: { id: 'asc' } });
const nobody = { name: null, phone: null, email: null, language: null };

const textsOf = async (desk: TestDesk) => (await greetingsOf(desk)).map(({ text }) => text);

const opening = (desk: TestDesk, body: object) =>
  openContact(desk, admin, ContactCreate.parse({ external_id: 'ann', ...body }), null);

describe.each(databases)('on %s', (database) => {
  test('a new lead is greeted by the bot it wrote to, behind its own message and in the same commit', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, { kind: 'telegram', greeting });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });

    const { contactId, messageId } = await writes(desk, source, 'tg:5', { chat: '5', text: '/start promo' });

    const [message] = await greetingsOf(desk);
    expect(message).toMatchObject({ author: 'bot', text: greeting, status: 'queued', operatorId: null });
    expect(message!.contact.id).toBe(contactId);
    expect(message!.id).toBeGreaterThan(messageId!);
    const due = await dueDeliveries(desk, [source], 10);
    expect(due).toMatchObject([
      { kind: 'telegram', lane: 'chat:5', chat: '5', text: greeting, messageId: message!.id, attempt: 0 },
    ]);
    const told = await everythingTold(desk);
    expect(told.map(({ type, data }) => ('author' in data ? `${type} ${data.author}` : type))).toEqual([
      'contact.created',
      'contact.assigned',
      'message.created lead',
      'message.created bot',
    ]);
    expect(told.at(-1)).toMatchObject({ operatorAfter: ann, data: { status: 'queued', text: greeting } });
    const { items } = await listContacts(desk, admin, { limit: 5 });
    expect(items).toMatchObject([
      { text: '/start promo', last_message: { author: 'lead', text: '/start promo' } },
    ]);
  });

  test('a lead is greeted once, whatever it writes and wherever', async () => {
    await using desk = await openTestDesk(database);
    const [one, two] = [
      await hasSource(desk, { kind: 'telegram', greeting: 'one' }),
      await hasSource(desk, { kind: 'telegram', greeting: 'two' }),
    ];
    const says = (source: SourceId, externalId: string) =>
      writes(desk, source, 'tg:5', { chat: '5', externalId });

    await Promise.all([says(one, '1'), says(one, '1'), says(one, '2'), says(two, '1'), says(two, '1')]);
    await says(one, '1');
    await says(two, '3');

    expect(await textsOf(desk)).toEqual(['one']);
    expect(await desk.store.em().count(Delivery)).toBe(1);
  });

  test('when two gateways make the same lead at once, one of them greets', async () => {
    await using desk = await openTestDesk(database);
    // SQLite has one gateway: there its two doors are the same one.
    await using other =
      database === 'sqlite' ? null : await openTestDesk(database, { url: desk.databaseUrl });
    const source = await hasSource(desk, { kind: 'telegram', greeting });

    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        writes(n % 2 === 0 ? desk : (other ?? desk), source, 'tg:5', { chat: '5', externalId: `${n}` }),
      ),
    );

    expect(await textsOf(desk)).toEqual([greeting]);
  });

  test('a lead that another gateway has just made is not new', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram', greeting });
    const createdAt = desk.clock.now();
    const lead = { ...nobody, externalId: 'tg:5', createdAt, updatedAt: createdAt };

    // The message comes while the lead is there for nobody else to see.
    const [written] = await desk.store.write(async (tx) => {
      const id = (await tx.sql.reserveIds({ lead: 1 })).lead[0]!;
      await tx.sql.insert({ lead: [{ ...lead, id }] });
      const writing = writes(desk, source, 'tg:5', { chat: '5' });
      await somebodyWaits(desk);
      return [writing];
    });
    const { contactId } = await written;

    expect(contactId).not.toBeNull();
    expect(await textsOf(desk)).toEqual([]);
  });

  test('who comes back with a new contact is not greeted, beside somebody who is', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram', greeting });
    const known = await writes(desk, source, 'tg:5', { chat: '5' });
    await closeContact(desk, admin, known.contactId!, {});

    const [again] = await Promise.all([
      writes(desk, source, 'tg:5', { chat: '5' }),
      writes(desk, source, 'tg:6', { chat: '6' }),
    ]);

    expect(again.contactId).not.toBe(known.contactId);
    const deliveries = await desk.store.em().find(Delivery, {}, { orderBy: { id: 'asc' } });
    expect(deliveries.map(({ chat }) => chat)).toEqual(['5', '6']);
  });

  test('of many new leads in one batch each gets the greeting of its own source and language', async () => {
    await using desk = await openTestDesk(database);
    const bot = await hasSource(desk, { kind: 'telegram', greeting, greetings });
    const quiet = await hasSource(desk, { kind: 'telegram' });
    const shop = await hasSource(desk, { kind: 'webhook', callbackUrl: 'https://example.org/', greetings });

    await Promise.all([
      writes(desk, bot, 'tg:1', { chat: '1', language: 'ru' }),
      writes(desk, quiet, 'tg:2', { chat: '2', language: 'ru' }),
      writes(desk, shop, 'ann', { language: 'pt-BR' }),
      writes(desk, shop, 'bob', { language: 'de' }),
      writes(desk, bot, 'tg:3', { chat: '3' }),
    ]);

    expect(await textsOf(desk)).toEqual(['Здравствуйте!', 'Oi!', 'Welcome!']);
    const deliveries = await desk.store
      .em()
      .find(Delivery, {}, { populate: ['message'], orderBy: { id: 'asc' } });
    expect(deliveries.map(({ kind, chat, message }) => [kind, chat, message?.text])).toEqual([
      ['telegram', '1', 'Здравствуйте!'],
      ['callback', null, 'Oi!'],
      ['telegram', '3', 'Welcome!'],
    ]);
  });

  test.each([
    ['ru', 'Здравствуйте!'],
    ['ru-RU', 'Здравствуйте!'],
    ['RU', 'Здравствуйте!'],
    ['pt-br', 'Oi!'],
    ['pt-PT', 'Olá!'],
    ['pt-br-abl1943', 'Oi!'],
    ['en-us', greeting],
    [undefined, greeting],
  ])('the language %s is greeted by %s', async (language, text) => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram', greeting, greetings });

    await writes(desk, source, 'tg:5', { chat: '5', language });

    expect(await textsOf(desk)).toEqual([text]);
  });

  test('where nothing leads to the lead it is not greeted', async () => {
    await using desk = await openTestDesk(database);
    const shop = await hasSource(desk, { kind: 'webhook', greeting });
    const bot = await hasSource(desk, { kind: 'telegram', greeting });

    await writes(desk, shop, 'ann');
    await opening(desk, { external_id: 'tg:5', source_id: bot, text: 'by phone' });

    expect(await textsOf(desk)).toEqual([]);
  });

  test('on a source of API calls the greeting is sent when it is committed', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk, { greeting, greetings });

    await opening(desk, { source_id: source, text: 'hello', language: 'pt-BR' });
    await opening(desk, { source_id: source, text: 'hello again', external_id: 'ann' });

    expect(await greetingsOf(desk)).toMatchObject([{ text: 'Oi!', status: 'sent', sentAt: clock.now() }]);
    expect(await desk.store.em().count(Delivery)).toBe(0);
  });

  test('a contact that is opened without a word makes its lead known, and greets nobody', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { greeting });
    // From now on the source is known, and what comes at once stays in its order.
    await opening(desk, { source_id: source, external_id: 'bob' });

    await Promise.all([
      opening(desk, { source_id: source }),
      opening(desk, { source_id: source, text: 'hello' }),
    ]);

    expect(await textsOf(desk)).toEqual([]);
  });

  test('who comes back under a name that was merged away is not new', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram', greeting });
    const old = await writes(desk, source, 'tg:5', { chat: '5' });
    const kept = await writes(desk, source, 'tg:6', { chat: '6' });
    await mergeLeads(desk, admin, old.leadId!, { into: kept.leadId! });

    await writes(desk, source, 'tg:5', { chat: '5', text: 'me again' });

    expect(await textsOf(desk)).toEqual([greeting, greeting]);
  });

  test('a changed greeting is said to the next lead', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram', greeting: 'old', greetings });
    await writes(desk, source, 'tg:1', { chat: '1' });

    await updateSource(desk, admin, String(source), { greeting: 'new', greetings: { ru: 'новое' } });
    await writes(desk, source, 'tg:2', { chat: '2', language: 'pt' });
    await writes(desk, source, 'tg:3', { chat: '3', language: 'ru' });
    await updateSource(desk, admin, String(source), { greeting: null, greetings: {} });
    await writes(desk, source, 'tg:4', { chat: '4', language: 'ru' });

    expect(await textsOf(desk)).toEqual(['old', 'new', 'новое']);
  });

  test('a message that cannot be committed takes its greeting with it, and the next one is the first', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram', greeting });
    const poison = { chat: '5', externalId: '1', text: 'a\0b', raw: {} };

    await writes(desk, source, 'tg:5', poison);
    const before = await textsOf(desk);
    await writes(desk, source, 'tg:5', { chat: '5', externalId: '2' });

    // SQLite keeps what PostgreSQL refuses; either way the lead is greeted with its first message that is kept.
    expect(before).toEqual(database === 'sqlite' ? [greeting] : []);
    expect(await textsOf(desk)).toEqual([greeting]);
  });
});
