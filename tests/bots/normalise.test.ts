import { expect, test } from 'vitest';
import { SourceId } from '../../src/contract/ids.ts';
import { normaliseUpdate } from '../../src/bots/telegram/normalise.ts';

const source = SourceId.parse(7);
const from = { id: 5_000_000_001, is_bot: false, first_name: 'Ann', last_name: 'Lee', language_code: 'en' };
const chat = { id: 5_000_000_001, type: 'private', first_name: 'Ann', last_name: 'Lee' };

function privately(content: object) {
  return { update_id: 100, message: { message_id: 9, from, chat, date: 1_760_000_000, ...content } };
}

function arrivalOf(content: object) {
  const meaning = normaliseUpdate(source, privately(content));
  if (meaning.kind !== 'message') throw new Error(`it became ${meaning.kind}`);
  return meaning.arrival;
}

test('a text becomes a message of its lead, with nothing kept beside it', () => {
  const meaning = normaliseUpdate(source, privately({ text: 'hello' }));

  expect(meaning).toEqual({
    kind: 'message',
    arrival: {
      sourceId: source,
      externalId: '5000000001:9',
      lead: { externalId: 'tg:5000000001', name: 'Ann Lee', phone: null, email: null, language: 'en' },
      chat: '5000000001',
      text: 'hello',
      attachments: [],
      sentAt: new Date(1_760_000_000_000),
      replyTo: null,
      raw: null,
    },
  });
});

test('the payload of /start is kept as the text it came in', () => {
  const entities = [{ type: 'bot_command', offset: 0, length: 6 }];

  expect(arrivalOf({ text: '/start promo-42', entities }).text).toBe('/start promo-42');
});

test('what a text holds beside its words is kept raw', () => {
  const content = { text: 'bold', entities: [{ type: 'bold', offset: 0, length: 4 }] };

  expect(arrivalOf(content).raw).toEqual(privately(content));
});

test('an answer names the message it answers', () => {
  const answered = { message_id: 3, from, chat, date: 1, text: 'before' };

  expect(arrivalOf({ text: 'after', reply_to_message: answered }).replyTo).toBe('5000000001:3');
});

test('a photo with a caption brings its caption, and is kept', () => {
  const photo = [
    { file_id: 'S', file_unique_id: 's', width: 90, height: 90, file_size: 1000 },
    { file_id: 'L', file_unique_id: 'l', width: 1280, height: 1280, file_size: 200_000 },
  ];

  const arrival = arrivalOf({ photo, caption: 'look' });

  expect(arrival.text).toBe('look');
  expect(arrival.attachments).toEqual([
    { kind: 'photo', supported: false, name: null, mime_type: null, size: 200_000, url: null },
  ]);
  expect(arrival.raw).toEqual(privately({ photo, caption: 'look' }));
});

test('a document without a caption says what it is, with its name and type', () => {
  const document = {
    file_id: 'D',
    file_unique_id: 'd',
    file_name: '../../x.svg',
    mime_type: 'image/svg+xml',
    file_size: 10,
  };

  expect(arrivalOf({ document })).toMatchObject({
    text: 'not supported yet: document',
    attachments: [
      { kind: 'document', supported: false, name: '../../x.svg', mime_type: 'image/svg+xml', size: 10 },
    ],
  });
});

test.each([
  ['sticker', { sticker: { file_id: 'x' } }],
  ['voice', { voice: { file_id: 'x', duration: 1 } }],
  ['animation', { document: { file_id: 'x' }, animation: { file_id: 'x' } }],
  ['venue', { location: { latitude: 1, longitude: 1 }, venue: { title: 'x' } }],
  ['location', { location: { latitude: 1, longitude: 1 } }],
  ['contact', { contact: { phone_number: '+1', first_name: 'Bob' } }],
  ['poll', { poll: { id: '1' } }],
  ['dice', { dice: { emoji: '🎲', value: 3 } }],
  ['pinned_message', { pinned_message: { message_id: 1, chat, date: 0 } }],
  ['successful_payment', { successful_payment: { currency: 'EUR' } }],
  ['message_auto_delete_timer_changed', { message_auto_delete_timer_changed: {} }],
  ['hologram_of_2031', { hologram_of_2031: { depth: 3 }, has_protected_content: true }],
  ['message', {}],
])('a %s is kept raw and shown as not supported yet', (kind, content) => {
  const arrival = arrivalOf(content);

  expect(arrival.text).toBe(`not supported yet: ${kind}`);
  expect(arrival.attachments).toMatchObject([{ kind, supported: false }]);
  if (kind !== 'message') expect(arrival.raw).toEqual(privately(content));
});

test('NUL is stripped and broken surrogates are replaced, everywhere', () => {
  const broken = 'a\0b\uD800c 👩‍👩‍👧 \u202Eright-to-left <script>';
  const person = { ...from, first_name: '\0 \uDC00', last_name: undefined };

  const arrival = arrivalOf({ text: broken, from: person, entities: [{ url: broken }] });

  const clean = 'ab\uFFFDc 👩‍👩‍👧 \u202Eright-to-left <script>';
  expect(arrival.text).toBe(clean);
  expect(arrival.lead.name).toBe('\uFFFD');
  expect(arrival.raw).toMatchObject({ message: { text: clean, entities: [{ url: clean }] } });
});

test('a text that merely speaks of NUL stays as it is', () => {
  expect(arrivalOf({ text: String.raw`\u0000 and \ud800` }).text).toBe(String.raw`\u0000 and \ud800`);
});

test('a lead without any name has none', () => {
  expect(arrivalOf({ text: 'x', from: { id: 1, is_bot: false, first_name: ' ' } }).lead.name).toBeNull();
});

test.each([
  ['pt-br', 'pt-br'],
  ['zh-hans', 'zh-hans'],
  [undefined, null],
  ['?', null],
])('the language of a lead is what Telegram says: %s', (language_code, language) => {
  expect(arrivalOf({ text: 'x', from: { ...from, language_code } }).lead.language).toBe(language);
});

const member = (status: unknown, where: object = chat) => ({
  update_id: 3,
  my_chat_member: {
    chat: where,
    from,
    date: 1_760_000_000,
    old_chat_member: { status: 'member' },
    new_chat_member: { status },
  },
});

test.each([
  ['kicked', false],
  ['member', true],
])('a person who makes the bot a %s has shut or opened the chat', (status, isOpen) => {
  expect(normaliseUpdate(source, member(status))).toEqual({
    kind: 'reach',
    reach: {
      sourceId: source,
      lead: 'tg:5000000001',
      chat: '5000000001',
      isOpen,
      at: new Date(1_760_000_000_000),
    },
  });
});

test.each(['member', 'kicked', 'administrator'])(
  'as what the bot stands in a group is no matter: %s',
  (status) => {
    expect(normaliseUpdate(source, member(status, { id: -5, type: 'group' }))).toEqual({ kind: 'nothing' });
  },
);

test('an edit names the message it changes and when', () => {
  const { message } = privately({ text: 'better', edit_date: 1_760_000_100 });

  const meaning = normaliseUpdate(source, { update_id: 1, edited_message: message });

  expect(meaning).toMatchObject({
    kind: 'edit',
    edit: {
      sourceId: source,
      externalId: '5000000001:9',
      text: 'better',
      editedAt: new Date(1_760_000_100_000),
    },
  });
});

test.each(['group', 'supergroup'])('in a %s the bot has something to say', (type) => {
  const update = privately({ text: 'hi all', chat: { id: -100, type, title: 'Us' } });

  expect(normaliseUpdate(source, update)).toEqual({ kind: 'group', chat: '-100' });
});

test.each([
  ['channel_post', { channel_post: { message_id: 1, chat: { id: -1, type: 'channel' }, date: 1 } }],
  ['chat_member', { chat_member: { chat, from, date: 1 } }],
  ['callback_query', { callback_query: { id: '1', from, data: 'x' } }],
])('a %s is kept as a dead letter, once', (kind, content) => {
  const update = { update_id: 55, ...content };

  const meaning = normaliseUpdate(source, update);

  const reason = `unsupported-update: ${kind}`;
  expect(meaning).toEqual({ kind: 'ignored', reason, externalId: 'update:55', raw: update });
});

test.each([
  null,
  42,
  'text',
  [],
  {},
  { update_id: 1, message: null },
  { update_id: 1, message: { message_id: 'x', chat, date: 1 } },
  { update_id: 1, message: { message_id: 1, chat: { id: 1 }, date: 1 } },
  { update_id: 1, message: { message_id: 1, chat, from: { id: '1' }, date: 1, text: 'x' } },
  { update_id: 1, edited_message: { message_id: 1, chat, from, text: 'no date' } },
  { update_id: 1, my_chat_member: { chat, from, date: 1 } },
  { update_id: 1, my_chat_member: { chat, from, new_chat_member: { status: 'kicked' } } },
  { update_id: 1, my_chat_member: { chat, date: 1, new_chat_member: { status: 'kicked' } } },
  { update_id: 1, my_chat_member: { chat, from, date: 1, new_chat_member: { status: 'emperor' } } },
])('whatever comes is kept, even %j', (update) => {
  const meaning = normaliseUpdate(source, update);

  expect(meaning).toMatchObject({ kind: 'ignored', raw: update });
});

test('an update nested without end is kept as far as that can be written down', () => {
  let deep: unknown = 'core';
  for (let level = 0; level < 100_000; level += 1) deep = [deep];

  const meaning = normaliseUpdate(source, privately({ text: 'x', deep }));

  expect(meaning).toMatchObject({ kind: 'message', arrival: { text: 'x', raw: 'nested too deeply' } });
});
