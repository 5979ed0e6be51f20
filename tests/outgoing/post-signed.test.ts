import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { postSigned, type SignedPost } from '../../src/outgoing/post-signed.ts';
import { startReceiver } from './receiver.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const home = ['127.0.0.0/8', '::1'];

function post(url: string, more: Partial<SignedPost> = {}) {
  return postSigned({ url, id: 'msg_1', body: '{"text":"привет"}', secrets: [secret], allow: home, ...more });
}

test('a receiver can verify what it got, under the same id at every try', async () => {
  await using receiver = await startReceiver((response) => response.writeHead(204).end());

  const first = await post(receiver.url);
  const second = await post(receiver.url);

  expect([first, second]).toEqual([
    { kind: 'delivered', status: 204 },
    { kind: 'delivered', status: 204 },
  ]);
  for (const { headers, body } of receiver.received) {
    expect(headers['webhook-id']).toBe('msg_1');
    expect(headers['content-type']).toBe('application/json');
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({ text: 'привет' });
  }
});

test('a secret that is not in the form of Standard Webhooks signs by its bytes', async () => {
  await using receiver = await startReceiver((response) => response.end());

  await post(receiver.url, { secrets: ['open sesame'] });

  const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
  const webhook = new Webhook('open sesame', { format: 'raw' });
  expect(webhook.verify(body, headers as Record<string, string>)).toEqual({ text: 'привет' });
});

test('a redirect is an answer, and is not followed', async () => {
  await using aim = await startReceiver((response) => response.end());
  await using receiver = await startReceiver((response) =>
    response.writeHead(307, { location: aim.url }).end(),
  );

  const result = await post(receiver.url);

  expect(result).toEqual({ kind: 'answered', status: 307, retryAfterMs: null });
  expect(aim.received).toEqual([]);
});

test.each([
  ['120', 120_000],
  [undefined, null],
  ['soon', null],
])('a receiver that refuses may say when to come again: %s', async (header, retryAfterMs) => {
  await using receiver = await startReceiver((response) =>
    response.writeHead(429, header === undefined ? {} : { 'retry-after': header }).end(),
  );

  expect(await post(receiver.url)).toEqual({ kind: 'answered', status: 429, retryAfterMs });
});

test('an endless answer is read no further than its limit', async () => {
  let written = 0;
  await using receiver = await startReceiver((response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(16 * 1024))) written += 16 * 1024;
    };
    response.on('drain', more);
    more();
  });

  const result = await post(receiver.url, { maxAnswerBytes: 64 * 1024 });

  expect(result).toEqual({ kind: 'delivered', status: 200 });
  expect(written).toBeLessThan(16 * 1024 * 1024);
});

test('a receiver that says nothing costs no more than the timeout; it may have the message', async () => {
  await using receiver = await startReceiver(() => {});

  const result = await post(receiver.url, { timeoutMs: 50 });

  expect(result).toEqual({ kind: 'unknown', error: 'timeout' });
  expect(receiver.received).toHaveLength(1);
});

test('an answer that never ends has been given all the same', async () => {
  await using receiver = await startReceiver((response) => response.writeHead(200).write('...'));

  const result = await post(receiver.url, { timeoutMs: 50 });

  expect(result).toEqual({ kind: 'delivered', status: 200 });
});

test('a connection that breaks after the request leaves it unknown', async () => {
  await using receiver = await startReceiver((response) => response.socket?.resetAndDestroy());

  expect(await post(receiver.url)).toEqual({ kind: 'unknown', error: 'ECONNRESET' });
});

test('where nobody listens nothing was sent', async () => {
  const receiver = await startReceiver(() => {});
  await receiver[Symbol.asyncDispose]();

  expect(await post(receiver.url)).toEqual({ kind: 'refused', error: 'ECONNREFUSED' });
});

test('a name that nobody knows means that nothing was sent', async () => {
  const result = await post('http://nobody.invalid/');

  expect(result).toEqual({ kind: 'refused', error: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) });
});

test('a handshake that never ends means that nothing was sent', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;

  const result = await post(`https://127.0.0.1:${port}/`, { timeoutMs: 50 });

  expect(result).toEqual({ kind: 'refused', error: 'timeout' });
  silent.close();
});

test('what is aborted before it went out is refused, and after it unknown', async () => {
  const aborting = new AbortController();
  await using receiver = await startReceiver(() => aborting.abort());

  const during = await post(receiver.url, { signal: aborting.signal });
  const before = await post(receiver.url, { signal: aborting.signal });

  expect(during).toEqual({ kind: 'unknown', error: 'aborted' });
  expect(before).toEqual({ kind: 'refused', error: 'aborted' });
  expect(receiver.received).toHaveLength(1);
});

test.each([
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '2130706433',
  '0177.0.0.1',
  'localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::]',
  '0.0.0.0',
])('nothing is sent to this machine as %s', async (host) => {
  await using receiver = await startReceiver((response) => response.end());

  const result = await post(`http://${host}:${receiver.port}/`, { allow: [] });

  expect(result).toEqual({ kind: 'refused', error: 'address-not-allowed' });
  expect(receiver.received).toEqual([]);
});

test.each(['localhost', '[::ffff:127.0.0.1]', '127.1'])(
  'an allowed range is reached, however it is written: %s',
  async (host) => {
    await using receiver = await startReceiver((response) => response.end());

    const result = await post(`http://${host}:${receiver.port}/`, { allow: ['127.0.0.0/8'] });

    expect(result).toEqual({ kind: 'delivered', status: 200 });
  },
);
