import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { SourceId } from '../../src/contract/ids.ts';
import type { Channel } from '../../src/desk/channels.ts';
import { authenticateHook } from '../../src/bots/hook/authenticate.ts';
import { readHookBody } from '../../src/bots/hook/body.ts';
import { normaliseHook } from '../../src/bots/hook/normalise.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const json = 'application/json';

function channel(mapping: NonNullable<Channel['webhook']>['mapping'] = {}): Channel {
  return {
    id: SourceId.parse(3),
    code: 'shop',
    kind: 'webhook',
    isActive: true,
    telegram: null,
    webhook: {
      callbackUrl: null,
      secrets: [{ secret, until: null }],
      auth: 'bearer',
      mapping,
      rateLimit: null,
    },
  };
}

function normalise(body: unknown, mapping = {}, headers: Record<string, string> = {}) {
  return normaliseHook(channel(mapping), body, { headers: new Headers(headers), rawBody: bytes('{}') });
}

function bytes(text: string) {
  return new TextEncoder().encode(text);
}

function problem(code: string) {
  return expect.objectContaining({ name: 'Problem', code });
}

test.each(['Bearer', 'bearer', 'BEARER'])('the right secret opens the door: %s', (scheme) => {
  const headers = new Headers({ authorization: `${scheme} ${secret}` });

  expect(() =>
    authenticateHook({ auth: 'bearer', secrets: [secret] }, headers, bytes('{}'), new Date()),
  ).not.toThrow();
});

test.each([
  undefined,
  '',
  'Bearer',
  `Bearer ${secret}x`,
  `Bearer ${secret.slice(1)}`,
  `Basic ${secret}`,
  secret,
])('anything but the right secret is refused: %s', (authorization) => {
  const headers = new Headers(authorization === undefined ? {} : { authorization });

  expect(() =>
    authenticateHook({ auth: 'bearer', secrets: [secret] }, headers, bytes('{}'), new Date()),
  ).toThrow(problem('unauthorized'));
});

function signed(body: string, { age = 0, key = secret, id = 'evt_1' } = {}): Headers {
  const at = new Date(Date.now() - age * 1000);
  return new Headers({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign(id, at, body),
  });
}

test.each([0, 290, -290])('a signature of the last five minutes is taken: %i seconds old', (age) => {
  const body = '{"external_id":"ann","text":"привет"}';

  const verify = () =>
    authenticateHook({ auth: 'standard', secrets: [secret] }, signed(body, { age }), bytes(body), new Date());

  expect(verify).not.toThrow();
});

test.each([310, 86_400, -310])('an old or early signature is refused: %i seconds old', (age) => {
  const verify = () =>
    authenticateHook({ auth: 'standard', secrets: [secret] }, signed('{}', { age }), bytes('{}'), new Date());

  expect(verify).toThrow(problem('unauthorized'));
});

test('a signature of other bytes, by another secret, or under another id is refused', () => {
  const webhook = { auth: 'standard', secrets: [secret] } as const;
  const foreign = signed('{}', { key: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' });
  const renamed = signed('{}');
  renamed.set('webhook-id', 'evt_2');
  const bearer = new Headers({ authorization: `Bearer ${secret}` });

  expect(() => authenticateHook(webhook, signed('{}'), bytes('{ }'), new Date())).toThrow(
    problem('unauthorized'),
  );
  expect(() => authenticateHook(webhook, foreign, bytes('{}'), new Date())).toThrow(problem('unauthorized'));
  expect(() => authenticateHook(webhook, renamed, bytes('{}'), new Date())).toThrow(problem('unauthorized'));
  expect(() => authenticateHook(webhook, bearer, bytes('{}'), new Date())).toThrow(problem('unauthorized'));
});

test('what is signed is bytes, whether or not they are text', () => {
  const body = new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]);
  const other = new Uint8Array([0x7b, 0xfe, 0xff, 0x7d]);
  const at = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const mac = createHmac('sha256', key).update(`evt_1.${at}.`).update(body).digest('base64');
  const headers = new Headers({
    'webhook-id': 'evt_1',
    'webhook-timestamp': at,
    'webhook-signature': `v1,${mac}`,
  });
  const webhook = { auth: 'standard', secrets: [secret] } as const;

  expect(() => authenticateHook(webhook, headers, body, new Date())).not.toThrow();
  // As text they are the same: two signs that stand for what is none.
  expect(() => authenticateHook(webhook, headers, other, new Date())).toThrow(problem('unauthorized'));
});

test.each([
  { 'webhook-id': '' },
  { 'webhook-timestamp': 'now' },
  { 'webhook-timestamp': '1e9' },
  { 'webhook-signature': '' },
  { 'webhook-signature': 'v1' },
  { 'webhook-signature': 'v1,' },
  { 'webhook-signature': 'v2,AAAA' },
])('headers that say nothing are refused: %j', (given) => {
  const headers = signed('{}');
  for (const [name, value] of Object.entries(given)) headers.set(name, value);
  const verify = () =>
    authenticateHook({ auth: 'standard', secrets: [secret] }, headers, bytes('{}'), new Date());

  expect(verify).toThrow(problem('unauthorized'));
});

test('a source without any secret lets nobody in', () => {
  const bearer = new Headers({ authorization: 'Bearer x' });

  for (const auth of ['bearer', 'standard'] as const)
    for (const headers of [bearer, signed('{}')])
      expect(() => authenticateHook({ auth, secrets: [] }, headers, bytes('{}'), new Date())).toThrow(
        problem('unauthorized'),
      );
});

test('one good signature among several is enough, so that secrets can be rotated', () => {
  const headers = signed('{}');
  headers.set('webhook-signature', `v1,AAAA v2,BBBB ${headers.get('webhook-signature')}`);

  expect(() =>
    authenticateHook({ auth: 'standard', secrets: [secret] }, headers, bytes('{}'), new Date()),
  ).not.toThrow();
});

test('JSON, a form and a multipart form say the same', async () => {
  const multipart = new Response(
    (() => {
      const form = new FormData();
      form.set('external_id', 'ann');
      form.set('text', 'привет & bye');
      return form;
    })(),
  );
  const type = multipart.headers.get('content-type');

  const bodies = await Promise.all([
    readHookBody(json, bytes('{"external_id":"ann","text":"привет & bye"}')),
    readHookBody(null, bytes('{"external_id":"ann","text":"привет & bye"}')),
    readHookBody(
      'application/vnd.shop+json; charset=utf-8',
      bytes('{"external_id":"ann","text":"привет & bye"}'),
    ),
    readHookBody(
      'application/x-www-form-urlencoded',
      bytes('external_id=ann&text=%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82+%26+bye'),
    ),
    readHookBody(type, new Uint8Array(await multipart.arrayBuffer())),
  ]);

  for (const body of bodies) expect(body).toEqual({ external_id: 'ann', text: 'привет & bye' });
});

test.each([
  [json, '', 'bad-json'],
  [json, '{"external_id":', 'bad-json'],
  ['multipart/form-data', 'x', 'bad-form'],
  ['multipart/form-data; boundary=x', 'no boundary here', 'bad-form'],
  ['application/xml', '<lead/>', 'unsupported-media-type'],
  ['text/plain', 'hello', 'unsupported-media-type'],
])('a body that cannot be read is refused: %s %s', async (type, body, code) => {
  await expect(readHookBody(type, bytes(body))).rejects.toEqual(problem(code));
});

test('an id beyond what JavaScript counts exactly stays itself', async () => {
  const body = await readHookBody(json, bytes('{"external_id":12345678901234567891,"text":1.5}'));

  expect(normalise(body)).toMatchObject({ lead: { externalId: '12345678901234567891' }, text: '1.5' });
});

test('known fields become the message, unknown ones are ignored but kept', () => {
  const body = {
    external_id: 42,
    text: 'hi',
    id: 'm1',
    name: 'Ann',
    phone: '+1',
    email: 'not an e-mail',
    utm: 'x',
  };

  expect(normalise(body)).toEqual({
    sourceId: 3,
    externalId: 'm1',
    lead: { externalId: '42', name: 'Ann', phone: '+1', email: 'not an e-mail', language: null },
    chat: null,
    text: 'hi',
    attachments: [],
    sentAt: null,
    replyTo: null,
    raw: body,
  });
});

test.each([
  [{ 'webhook-id': 'w', 'idempotency-key': 'k' }, 'body', 'body'],
  [{ 'webhook-id': 'w', 'idempotency-key': 'k' }, null, 'w'],
  [{ 'idempotency-key': 'k' }, '', 'k'],
  [{}, null, null],
])('a message is known by its id, else by its headers: %j', (headers, id, expected) => {
  expect(normalise({ external_id: 'ann', id }, {}, headers as Record<string, string>).externalId).toBe(
    expected,
  );
});

test('a mapping finds the fields of a foreign body', () => {
  const mapping = {
    external_id: '/sender/0/id',
    text: '/payload/a~1b',
    name: '/sender/0/na~0me',
    phone: '/no/such/place',
  };
  const body = {
    sender: [{ id: 'ann', 'na~me': 'Ann' }],
    payload: { 'a/b': 'hi' },
    email: 'ann@example.org',
  };

  expect(normalise(body, mapping)).toMatchObject({
    lead: { externalId: 'ann', name: 'Ann', phone: null, email: 'ann@example.org' },
    text: 'hi',
  });
});

test.each([
  ['ru', 'ru'],
  ['pt-BR', 'pt-BR'],
  [' en_US ', 'en-US'],
  ['русский', null],
  ['constructor', null],
  ['', null],
  [42, null],
  [{ tag: 'ru' }, null],
  [undefined, null],
])('the language of a lead is a tag, and whatever else stands there says nothing: %j', (given, language) => {
  expect(normalise({ external_id: 'ann', language: given }).lead.language).toBe(language);
});

test('a mapping finds the language of a lead', () => {
  const { lead } = normalise({ external_id: 'ann', user: { locale: 'de' } }, { language: '/user/locale' });

  expect(lead.language).toBe('de');
});

test('a mapping reaches nothing that the body does not hold itself', () => {
  const mapping = { text: '/constructor/name', external_id: '/length' };

  expect(() => normalise({ external_id: 'ann' }, mapping)).toThrow(problem('invalid'));
});

test.each([
  [{}],
  [null],
  [[]],
  ['text'],
  [{ external_id: '' }],
  [{ external_id: ' ' }],
  [{ external_id: null }],
  [{ external_id: {} }],
  [{ external_id: 'x'.repeat(191) }],
])('a message of nobody is refused, with the field: %j', (body) => {
  expect(() => normalise(body)).toThrow(
    expect.objectContaining({
      code: 'invalid',
      details: { errors: [{ path: 'external_id', message: expect.any(String) }] },
    }),
  );
});

test('nothing else is refused for its content', () => {
  const body = {
    external_id: 'ann\0',
    text: '\uD800\0'.repeat(10),
    name: 'x'.repeat(65_536),
    attachments: 'https://example.org/a.png',
  };

  const arrival = normalise(body);

  expect(arrival.lead).toMatchObject({ externalId: 'ann', name: 'x'.repeat(65_536) });
  expect(arrival.text).toBe('\uFFFD'.repeat(10));
  expect(JSON.stringify(arrival.raw)).not.toMatch(/\\u0000|\\ud800/);
});

test('attachments are named where they can be, and never refused', () => {
  const attachments = [
    { kind: 'photo', url: 'https://example.org/a.png', mime_type: 'image/png', size: 3 },
    'https://example.org/b.pdf',
    { type: 'voice', filename: 'c.ogg', url: 'javascript:alert(1)' },
    7,
    null,
    [],
  ];

  const arrival = normalise({ external_id: 'ann', attachments });

  const none = { supported: false, name: null, mime_type: null, size: null, url: null };
  expect(arrival.attachments).toEqual([
    { ...none, kind: 'photo', url: 'https://example.org/a.png', mime_type: 'image/png', size: 3 },
    { ...none, kind: 'file', url: 'https://example.org/b.pdf' },
    { ...none, kind: 'voice', name: 'c.ogg' },
  ]);
  expect(arrival.raw).toEqual({ external_id: 'ann', attachments });
});

test('a form may bring files and a list of attachments', async () => {
  const form = new FormData();
  form.set('external_id', 'ann');
  form.set('attachments', '[{"url":"https://example.org/a.png"}]');
  form.set('photo', new File([new Uint8Array([1, 2])], 'a.png', { type: 'image/png' }));
  const response = new Response(form);

  const body = await readHookBody(
    response.headers.get('content-type'),
    new Uint8Array(await response.arrayBuffer()),
  );

  expect(normalise(body)).toMatchObject({
    attachments: [{ url: 'https://example.org/a.png' }],
    raw: { photo: { kind: 'file', name: 'a.png', mime_type: 'image/png', size: 2, content: 'AQI=' } },
  });
});

test('JSON nested without end is kept as the text it came in', async () => {
  const depth = 100_000;
  const text = `{"external_id":"ann","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;

  const rawBody = bytes(text);
  const body = await readHookBody(json, rawBody);

  const arrival = normaliseHook(channel(), body, { headers: new Headers(), rawBody });

  expect(arrival.lead.externalId).toBe('ann');
  expect(arrival.raw).toBe(text);
});

test('a text nested without end is a message all the same', async () => {
  const depth = 100_000;
  const text = `{"external_id":"ann","text":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const rawBody = bytes(text);

  const arrival = normaliseHook(channel(), await readHookBody(json, rawBody), {
    headers: new Headers(),
    rawBody,
  });

  expect(arrival).toMatchObject({ text: '[…]', raw: text });
});
