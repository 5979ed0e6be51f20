import { describe, expect, test } from 'vitest';
import type { ContactId, MessageId } from '../../src/contract/ids.ts';
import { MessageCreate, type Message as MessageWire } from '../../src/contract/message.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import type { Actor } from '../../src/desk/actor.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { Event } from '../../src/store/entities/event.ts';
import { Message } from '../../src/store/entities/message.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  stoppedClock,
  supervisor,
  type TestDesk,
  writes,
} from '../support/desk.ts';

async function say(desk: TestDesk, actor: Actor, id: ContactId, body: string | object): Promise<MessageWire> {
  const input = MessageCreate.parse(typeof body === 'string' ? { text: body } : body);
  return (await writeMessage(desk, actor, id, input)).message;
}

/** A source with one operator, who has a contact there. */
async function conversation(desk: TestDesk, traits: Parameters<typeof hasSource>[1] = {}) {
  const source = await hasSource(desk, traits);
  const ann = await hasOperator(desk, { on: { [source]: 1 } });
  const { id } = await opens(desk, source, 'lead');
  return { source, ann, id, asAnn: actingAs(ann) };
}

const deliveriesOf = (desk: TestDesk): Promise<Delivery[]> =>
  desk.store.em().find(Delivery, {}, { orderBy: { id: 'asc' } });

describe.each(databases)('on %s', (database) => {
  test('a reply on a source of API calls is sent when it is committed', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const { id, ann, asAnn } = await conversation(desk);

    const message = await say(desk, asAnn, id, 'Good day!');

    const now = clock.now().toISOString();
    expect(message).toEqual({
      id: expect.any(Number),
      contact_id: id,
      author: 'operator',
      operator_id: ann,
      text: 'Good day!',
      attachments: [],
      status: 'sent',
      error: null,
      client_id: null,
      external_id: null,
      reply_to: null,
      sent_at: now,
      edited_at: null,
      created_at: now,
    });
    expect(await deliveriesOf(desk)).toEqual([]);
    const [event] = await desk.store.em().find(Event, { type: 'message.created' });
    expect(event).toMatchObject({
      contactId: id,
      actor: `operator:${ann}`,
      operatorAfter: ann,
      data: message,
    });
    expect((await getContact(desk, asAnn, id)).last_message).toEqual({
      author: 'operator',
      text: 'Good day!',
      at: now,
    });
  });

  test('a reply to a Telegram lead is queued for the chat it last wrote from, in the order of that chat', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram' });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId } = await writes(desk, source, 'tg:5', { chat: '55' });
    await writes(desk, source, 'tg:5', { chat: '56' });

    const sent = [
      await say(desk, actingAs(ann), contactId!, 'one'),
      await say(desk, actingAs(ann), contactId!, 'two'),
    ];

    expect(sent.map(({ status, sent_at }) => [status, sent_at])).toEqual([
      ['queued', null],
      ['queued', null],
    ]);
    const common = { kind: 'telegram', lane: 'chat:56', chat: '56', status: 'queued', sourceId: source };
    expect(await deliveriesOf(desk)).toMatchObject(
      sent.map((message) => ({ ...common, message: { id: message.id } })),
    );
  });

  test('a contact opened by a call goes to the chat from which its lead wrote to this bot before', async () => {
    await using desk = await openTestDesk(database);
    const [source, other] = [
      await hasSource(desk, { kind: 'telegram' }),
      await hasSource(desk, { kind: 'telegram' }),
    ];
    const ann = await hasOperator(desk, { on: { [source]: 1, [other]: 1 } });
    const wrote = await writes(desk, source, 'tg:5', { chat: '55' });
    await closeContact(desk, admin, wrote.contactId!, {});
    const here = await opens(desk, source, 'tg:5');
    const elsewhere = await opens(desk, other, 'tg:5');

    const sent = [
      await say(desk, actingAs(ann), here.id, 'hello'),
      await say(desk, actingAs(ann), elsewhere.id, 'hello'),
    ];

    expect(sent).toMatchObject([{ status: 'queued' }, { status: 'failed', error: 'no-channel' }]);
    expect(await deliveriesOf(desk)).toMatchObject([{ chat: '55', sourceId: source }]);
  });

  test('a reply on a webhook source is queued for its callback, lead by lead', async () => {
    await using desk = await openTestDesk(database);
    const { id, asAnn } = await conversation(desk, { kind: 'webhook', callbackUrl: 'https://example.org/' });
    const { lead_id } = await getContact(desk, admin, id);

    const message = await say(desk, asAnn, id, 'hello');

    expect(message).toMatchObject({ status: 'queued', error: null });
    expect(await deliveriesOf(desk)).toMatchObject([
      { kind: 'callback', lane: `lead:${lead_id}`, chat: null, status: 'queued', attempt: 0 },
    ]);
  });

  test.each([
    ['a webhook source without a callback', { kind: 'webhook' as const }],
    ['a Telegram lead who never wrote', { kind: 'telegram' as const }],
  ])('a reply without a way out is kept as failed: %s', async (_, traits) => {
    await using desk = await openTestDesk(database);
    const { id, asAnn } = await conversation(desk, traits);

    const message = await say(desk, asAnn, id, 'hello');

    expect(message).toMatchObject({ status: 'failed', error: 'no-channel', sent_at: null });
    expect(await deliveriesOf(desk)).toEqual([]);
    expect((await listMessages(desk, asAnn, id, { limit: 5 })).items).toEqual([message]);
  });

  test('the same client id again is the same message, however many come at once', async () => {
    await using desk = await openTestDesk(database);
    const { id, asAnn } = await conversation(desk, { kind: 'webhook', callbackUrl: 'https://example.org/' });
    const body = MessageCreate.parse({ text: 'hello', client_id: 'c-1' });

    const answers = await Promise.all(Array.from({ length: 5 }, () => writeMessage(desk, asAnn, id, body)));
    const later = await writeMessage(desk, asAnn, id, body);

    expect(answers.filter((answer) => answer.created)).toHaveLength(1);
    expect(later.created).toBe(false);
    for (const { message } of answers) expect(message).toEqual(later.message);
    expect(await desk.store.em().count(Message)).toBe(1);
    expect(await deliveriesOf(desk)).toHaveLength(1);
  });

  test('the same client id with another text, or as a note, is refused', async () => {
    await using desk = await openTestDesk(database);
    const { id, asAnn } = await conversation(desk);
    await say(desk, asAnn, id, { text: 'hello', client_id: 'c-1' });

    for (const other of [{ text: 'bye' }, { text: 'hello', kind: 'note' }])
      await expect(say(desk, asAnn, id, { ...other, client_id: 'c-1' })).rejects.toMatchObject({
        code: 'client-id-mismatch',
      });
    expect(await desk.store.em().count(Message)).toBe(1);
  });

  test('a client id counts within its contact alone', async () => {
    await using desk = await openTestDesk(database);
    const { id, source, asAnn } = await conversation(desk);
    const other = await opens(desk, source, 'other');

    const said = [
      await say(desk, asAnn, id, { text: 'one', client_id: 'c' }),
      await say(desk, asAnn, other.id, { text: 'two', client_id: 'c' }),
    ];

    expect(said.map(({ text, contact_id }) => [text, contact_id])).toEqual([
      ['one', id],
      ['two', other.id],
    ]);
  });

  test('nobody but its operator replies: not a colleague, not a supervisor, not a token for nobody', async () => {
    await using desk = await openTestDesk(database);
    const { id } = await conversation(desk);
    const [bob, sue] = [await hasOperator(desk), await hasOperator(desk, { role: 'supervisor' })];
    const code = (actor: Actor): Promise<string> =>
      say(desk, actor, id, 'hello').then(
        () => 'said',
        (error) => error.code,
      );

    expect(await code(actingAs(bob))).toBe('not-found');
    expect(await code(actingAs(sue, 'supervisor'))).toBe('not-yours');
    expect(await code(admin)).toBe('no-operator');
    expect(await desk.store.em().count(Message)).toBe(0);
  });

  test('a waiting contact that an operator sees is not its own yet', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { availability: 'paused', on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');

    await expect(say(desk, actingAs(ann), id, 'hello')).rejects.toMatchObject({ code: 'not-yours' });
  });

  test('nobody replies on a closed contact, and the former operator not after a transfer', async () => {
    await using desk = await openTestDesk(database);
    const { id, source, asAnn } = await conversation(desk);
    const bob = await hasOperator(desk, { on: { [source]: 1 } });
    const moved = await opens(desk, source, 'other');
    await assignContact(desk, admin, moved.id, { operator_id: bob });
    await closeContact(desk, asAnn, id, {});

    await expect(say(desk, asAnn, id, 'one more thing')).rejects.toMatchObject({ code: 'closed' });
    await expect(say(desk, asAnn, moved.id, 'hello')).rejects.toMatchObject({ code: 'not-found' });
    expect(await say(desk, actingAs(bob), moved.id, 'hello')).toMatchObject({ operator_id: bob });
  });

  test('a note never leaves, changes no preview, and may be written by a supervisor and when all is closed', async () => {
    await using desk = await openTestDesk(database);
    const { id, ann, asAnn } = await conversation(desk, {
      kind: 'webhook',
      callbackUrl: 'https://example.org/',
    });
    await say(desk, asAnn, id, 'hello');
    const before = await getContact(desk, admin, id);

    const byAnn = await say(desk, asAnn, id, { text: 'likes tea', kind: 'note' });
    const bySupervisor = await say(desk, supervisor, id, { text: 'well done', kind: 'note' });
    await closeContact(desk, asAnn, id, {});
    const after = await say(desk, asAnn, id, { text: 'no tea', kind: 'note' });

    expect([byAnn, bySupervisor, after]).toMatchObject([
      { author: 'note', operator_id: ann, status: null, sent_at: null },
      { author: 'note', operator_id: null, status: null },
      { author: 'note', text: 'no tea' },
    ]);
    expect((await getContact(desk, admin, id)).last_message).toEqual(before.last_message);
    expect(await deliveriesOf(desk)).toHaveLength(1);
  });

  test('an operator writes notes to its own contacts alone', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { availability: 'paused', on: { [source]: 1 } });
    const { id } = await opens(desk, source, 'lead');

    const note = say(desk, actingAs(ann), id, { text: 'mine soon', kind: 'note' });

    await expect(note).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('a reply may answer a message of its contact, and of no other', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const [one, two] = [await writes(desk, source, 'one'), await writes(desk, source, 'two')];
    const answer = (reply_to: MessageId): Promise<MessageWire> =>
      say(desk, actingAs(ann), one.contactId!, { text: 'yes', reply_to });

    expect(await answer(one.messageId!)).toMatchObject({ reply_to: one.messageId });
    for (const foreign of [two.messageId!, 404 as MessageId])
      await expect(answer(foreign)).rejects.toMatchObject({
        code: 'invalid',
        details: { errors: [{ path: 'reply_to' }] },
      });
    expect(await desk.store.em().count(Message, { author: 'operator' })).toBe(1);
  });

  test('a note may answer a message of its contact, and of no other', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const [one, two] = [await writes(desk, source, 'one'), await writes(desk, source, 'two')];
    const note = (reply_to: MessageId): Promise<MessageWire> =>
      say(desk, actingAs(ann), one.contactId!, { text: 'look at this', kind: 'note', reply_to });

    expect(await note(one.messageId!)).toMatchObject({ author: 'note', reply_to: one.messageId });
    await expect(note(two.messageId!)).rejects.toMatchObject({
      code: 'invalid',
      details: { errors: [{ path: 'reply_to' }] },
    });
    expect(await desk.store.em().count(Message, { author: 'note' })).toBe(1);
  });

  test('a long reply is cut in previews alone, never in half a sign', async () => {
    await using desk = await openTestDesk(database);
    const { id, asAnn } = await conversation(desk);
    const text = `${'x'.repeat(199)}\u{1F600}${'y'.repeat(3000)}`;

    const message = await say(desk, asAnn, id, text);

    expect(message.text).toBe(text);
    expect((await getContact(desk, asAnn, id)).last_message?.text).toBe('x'.repeat(199));
  });
});
