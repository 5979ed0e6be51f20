import { expect, test } from 'vitest';
import { freshFolder, startTestApp } from '../support/http.ts';

const MIB = 1_048_576;
const json = { 'content-type': 'application/json' };

/** JSON of exactly this many bytes, which no route takes. */
function bodyOf(bytes: number): string {
  return `{"name":"${'x'.repeat(bytes - 11)}"}`;
}

/** A body whose length is not told beforehand. */
function streamed(text: string, chunk = 65_536): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, (at += chunk)));
    },
  });
}

test('a body may have one MiB and not a byte more, whether or not its length is told', async () => {
  await using app = await startTestApp('sqlite');

  const statuses: number[] = [];
  for (const raw of [bodyOf(MIB), bodyOf(MIB + 1), streamed(bodyOf(MIB)), streamed(bodyOf(MIB + 1))])
    statuses.push((await app.admin('POST', '/operators', { raw, headers: json })).status);

  expect(statuses).toEqual([422, 413, 422, 413]);
});

test('a body without its length is read like any other', async () => {
  await using app = await startTestApp('sqlite');

  const answer = await app.admin('POST', '/operators', { raw: streamed('{"name":"Ann"}', 3), headers: json });

  expect(answer.status).toBe(201);
});

test('a hook may not bring more than one MiB either', async () => {
  await using app = await startTestApp('sqlite');
  const body = { name: 'Shop', code: 'shop', kind: 'webhook' };
  const { json: made } = await app.admin<{ webhook: { secret: string } }>('POST', '/sources', { body });
  const shop = app.as(made.webhook.secret);

  const answers = [
    await shop('POST', '//hooks/shop', { raw: bodyOf(MIB + 1), headers: json }),
    await shop('POST', '//hooks/shop', { raw: streamed(bodyOf(MIB + 1)), headers: json }),
    await shop('POST', '//hooks/shop', { raw: streamed('{"external_id":"ann"}'), headers: json }),
  ];

  expect(answers.map((answer) => answer.status)).toEqual([413, 413, 202]);
});

test('where a body may be left out, an empty one counts as none', async () => {
  await using app = await startTestApp('sqlite');
  await app.admin('POST', '/sources', { body: { name: 'Site', code: 'site' } });
  await app.admin('POST', '/contacts', { body: { external_id: 'ann', source_code: 'site' } });

  const answers = [
    await app.admin('POST', '/contacts/1/close'),
    await app.admin('POST', '/contacts/1/reopen', { raw: '', headers: json }),
    await app.admin('PUT', '/contacts/1/close', { raw: '', headers: { 'content-type': 'text/plain' } }),
    await app.admin('PUT', '/contacts/1/close', { raw: 'reason=x' }),
  ];

  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 415]);
});

test('a second gateway on the same file does not start, and says why', async () => {
  await using folder = await freshFolder();
  const databaseUrl = `sqlite:${folder.path}/leadgate.db`;
  await using first = await startTestApp('sqlite', { databaseUrl });

  await expect(startTestApp('sqlite', { databaseUrl })).rejects.toThrow(
    /Another gateway uses .*leadgate\.db/,
  );
  expect((await first.as(null)('GET', '//readyz')).status).toBe(200);
});
