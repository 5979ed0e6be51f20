import type { Message, Update } from 'grammy/types';
import { expect, test } from 'vitest';
import type { BotApi } from '../../src/demo/bot-api/start.ts';
import { call, formWith, startWithBot, token } from './support/bot-api.ts';

const MB = 1024 * 1024;
const bytes = new Uint8Array([1, 2, 3, 4]);

async function startWithAnn(): Promise<BotApi> {
  const api = await startWithBot();
  api.customer(token, { id: 42 }).writes('hello');
  return api;
}

test.each([
  ['sendPhoto', 'photo'],
  ['sendDocument', 'document'],
  ['sendVideo', 'video'],
  ['sendAnimation', 'animation'],
  ['sendAudio', 'audio'],
  ['sendVoice', 'voice'],
] as const)('%s takes a file with a caption, which can be fetched by its id', async (method, kind) => {
  await using api = await startWithAnn();

  const sent = await call<Message>(api, method, formWith(kind, bytes, { chat_id: '42', caption: 'look' }));

  const part = sent.result[kind as 'document'];
  const file = (Array.isArray(part) ? part[0] : part) as { file_id: string; file_size: number };
  expect(sent.result).toMatchObject({ caption: 'look', chat: { id: 42 } });
  expect(file.file_size).toBe(bytes.length);
  expect(await download(api, file.file_id)).toEqual(bytes);
  expect(api.sent).toMatchObject([{ method, chatId: '42', text: 'look' }]);
});

test('a file that the bot has seen goes again by its id, and only as what it is', async () => {
  await using api = await startWithAnn();
  const { result } = await call<Message>(api, 'sendPhoto', formWith('photo', bytes, { chat_id: '42' }));
  const { file_id } = result.photo![0]!;

  const again = await call<Message>(api, 'sendPhoto', { chat_id: 42, photo: file_id });
  const otherwise = await call(api, 'sendVoice', { chat_id: 42, voice: file_id });

  expect(again.result.photo![0]!.file_id).toBe(file_id);
  expect(otherwise).toMatchObject({
    error_code: 400,
    description: expect.stringContaining("can't use file of type photo as voice"),
  });
});

const refusedFiles: [method: string, form: FormData, code: number, words: RegExp][] = [
  [
    'sendPhoto',
    formWith('photo', bytes, { chat_id: '42', caption: 'x'.repeat(1025) }),
    400,
    /caption is too long/,
  ],
  [
    'sendPhoto',
    formWith('photo', new Uint8Array(10 * MB + 1), { chat_id: '42' }),
    400,
    /too big for a photo; the maximum size is 10485760/,
  ],
  [
    'sendDocument',
    formWith('document', new Uint8Array(50 * MB + 1), { chat_id: '42' }),
    413,
    /Request Entity Too Large/,
  ],
  ['sendDocument', formWith('document', new Uint8Array(0), { chat_id: '42' }), 400, /must be non-empty/],
];

test.each(refusedFiles)('%s refuses what Telegram would not take (%#)', async (method, form, code, words) => {
  await using api = await startWithAnn();

  const answer = await call(api, method, form);

  expect(answer).toMatchObject({ ok: false, error_code: code, description: expect.stringMatching(words) });
  expect(api.sent).toEqual([]);
});

test('a caption of 1024 characters and a document of 50 MB go', async () => {
  await using api = await startWithAnn();

  const captioned = formWith('photo', bytes, { chat_id: '42', caption: 'x'.repeat(1024) });
  const heavy = formWith('document', new Uint8Array(50 * MB), { chat_id: '42' });

  expect((await call(api, 'sendPhoto', captioned)).ok).toBe(true);
  const { result } = await call<Message>(api, 'sendDocument', heavy);
  expect(result.document?.file_size).toBe(50 * MB);
  // A bot may send more than it may fetch.
  expect(await call(api, 'getFile', { file_id: result.document!.file_id })).toMatchObject({
    error_code: 400,
    description: 'Bad Request: file is too big',
  });
});

test('a call without a file, with an unknown one, or with an address, is refused', async () => {
  await using api = await startWithAnn();
  const send = (photo?: string) => call(api, 'sendPhoto', { chat_id: 42, photo });

  expect(await send()).toMatchObject({ description: 'Bad Request: there is no photo in the request' });
  expect(await send('nope')).toMatchObject({ error_code: 400 });
  expect(await send('https://example.com/a.jpg')).toMatchObject({
    description: 'Bad Request: failed to get HTTP URL content',
  });
});

test('a sticker, a place and a phone number go', async () => {
  await using api = await startWithAnn();

  const sticker = await call<Message>(api, 'sendSticker', formWith('sticker', bytes, { chat_id: '42' }));
  const place = await call<Message>(api, 'sendLocation', { chat_id: 42, latitude: 59.94, longitude: 30.31 });
  const person = { phone_number: '+79001234567', first_name: 'Ann' };
  const contact = await call<Message>(api, 'sendContact', { chat_id: 42, ...person });
  const nowhere = await call(api, 'sendLocation', { chat_id: 42, latitude: 'north', longitude: 0 });

  expect(sticker.result.sticker).toMatchObject({ type: 'regular', file_size: 4 });
  expect(place.result.location).toEqual({ latitude: 59.94, longitude: 30.31 });
  expect(contact.result.contact).toEqual(person);
  expect(nowhere).toMatchObject({ error_code: 400 });
});

test('an album goes whole, as messages of one group', async () => {
  await using api = await startWithAnn();
  const form = formWith('first', bytes, { chat_id: '42' });
  form.set('second', new File([bytes], 'second.jpg'));
  const media = [
    { type: 'photo', media: 'attach://first', caption: 'two of them' },
    { type: 'photo', media: 'attach://second' },
  ];
  form.set('media', JSON.stringify(media));

  const { result } = await call<Message[]>(api, 'sendMediaGroup', form);

  expect(result.map(({ caption }) => caption)).toEqual(['two of them', undefined]);
  expect(new Set(result.map(({ media_group_id: group }) => group)).size).toBe(1);
  expect(await download(api, result[1]!.photo![0]!.file_id)).toEqual(bytes);
});

test.each([
  [[{ type: 'photo', media: 'attach://it' }], /2 to 10/],
  [
    [
      { type: 'photo', media: 'attach://it' },
      { type: 'document', media: 'attach://it' },
    ],
    /mixed/,
  ],
  [
    [
      { type: 'photo', media: 'attach://it' },
      { type: 'photo', media: 'unknown' },
    ],
    /wrong file identifier/,
  ],
  [
    [
      { type: 'photo', media: 'attach://it' },
      { type: 'voice', media: 'attach://it' },
    ],
    /type "voice" can't be used/,
  ],
])('an album that Telegram would not take is not sent in parts (%#)', async (media, words) => {
  await using api = await startWithAnn();
  const form = formWith('it', bytes, { chat_id: '42', media: JSON.stringify(media) });

  const answer = await call(api, 'sendMediaGroup', form);

  expect(answer).toMatchObject({ error_code: 400, description: expect.stringMatching(words) });
  expect(api.sent).toEqual([]);
});

test('what a customer sends comes as Telegram tells it, and can be fetched', async () => {
  await using api = await startWithBot();
  const ann = api.customer(token, { id: 42 });
  const file = (name: string, mimeType: string) => ({ name, mimeType, bytes });

  ann.sends('photo', file('', ''), { caption: 'broken', width: 1280, height: 960 });
  ann.sends('voice', file('', ''), { duration: 4 });
  ann.sends('document', file('act.pdf', 'application/pdf'));
  ann.sends('sticker', file('', ''), { emoji: '👍' });

  const { result } = await call<Update[]>(api, 'getUpdates');
  const [photo, voice, document, sticker] = result.map(({ message }) => message);
  expect(photo).toMatchObject({ caption: 'broken', photo: [{ width: 1280, height: 960 }] });
  expect(voice).toMatchObject({ voice: { duration: 4, mime_type: 'audio/ogg' } });
  expect(document).toMatchObject({ document: { file_name: 'act.pdf', mime_type: 'application/pdf' } });
  expect(sticker).toMatchObject({ sticker: { emoji: '👍', is_animated: false } });
  expect(await download(api, photo!.photo![0]!.file_id)).toEqual(bytes);
});

test('a text is edited, a picture has none to edit', async () => {
  await using api = await startWithAnn();
  const { result } = await call<Message>(api, 'sendPhoto', formWith('photo', bytes, { chat_id: '42' }));

  const edited = await call(api, 'editMessageText', {
    chat_id: 42,
    message_id: result.message_id,
    text: 'better',
  });

  expect(edited).toMatchObject({ description: 'Bad Request: there is no text in the message to edit' });
});

async function download(api: BotApi, fileId: string): Promise<Uint8Array> {
  const { result } = await call<{ file_path: string }>(api, 'getFile', { file_id: fileId });
  const read = await fetch(`${api.url}/file/bot${token}/${result.file_path}`);
  return new Uint8Array(await read.arrayBuffer());
}
