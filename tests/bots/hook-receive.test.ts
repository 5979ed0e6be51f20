import { describe, expect, test } from 'vitest';
import { SourceCreate } from '../../src/contract/source.ts';
import { receiveHook } from '../../src/bots/hook/receive.ts';
import { type Channel, findChannel } from '../../src/desk/channels.ts';
import { createSource } from '../../src/desk/create-source.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { admin, databases, openTestDesk } from '../support/desk.ts';
import { messagesOf } from './support/bots.ts';

async function hasHook(desk: Desk, webhook: object = {}): Promise<Channel> {
  const source = await createSource(
    desk,
    admin,
    SourceCreate.parse({ name: 'Shop', code: 'shop', kind: 'webhook', webhook }),
  );
  const channel = await findChannel(desk, { id: source.id });
  if (channel === null) throw new Error('the source was just created');
  return channel;
}

const everything = async (): Promise<void> => {};

function post(desk: Desk, channel: Channel, body: unknown, headers: Record<string, string> = {}) {
  return receiveHook(
    desk,
    channel,
    {
      headers: new Headers({ authorization: `Bearer ${channel.webhook?.secrets[0]?.secret}`, ...headers }),
      rawBody: new TextEncoder().encode(JSON.stringify(body)),
      contentType: 'application/json',
    },
    everything,
  );
}

describe.each(databases)('%s', (database) => {
  test('a hook is answered with what it made, and a repeated one with the same', async () => {
    await using desk = await openTestDesk(database);
    const channel = await hasHook(desk);

    const first = await post(desk, channel, { external_id: 'ann', text: 'hi', id: 'm1' });
    const again = await post(desk, channel, { external_id: 'ann', text: 'hi', id: 'm1' });
    const next = await post(
      desk,
      channel,
      { external_id: 'ann', text: 'there' },
      { 'idempotency-key': 'm2' },
    );

    expect(first).toEqual({
      message_id: expect.any(Number),
      contact_id: expect.any(Number),
      lead_id: expect.any(Number),
      duplicate: false,
    });
    expect(again).toEqual({ ...first, duplicate: true });
    expect(next).toMatchObject({ contact_id: first.contact_id, duplicate: false });
    expect((await messagesOf(desk, channel.id)).map(({ text }) => text)).toEqual(['hi', 'there']);
  });

  test('two first messages at once make one lead and one contact', async () => {
    await using desk = await openTestDesk(database);
    const channel = await hasHook(desk);

    const answers = await Promise.all(
      [1, 2, 3].map((id) => post(desk, channel, { external_id: 'ann', text: 'hi', id })),
    );

    expect(new Set(answers.map(({ lead_id, contact_id }) => `${lead_id} ${contact_id}`)).size).toBe(1);
    expect(new Set(answers.map(({ message_id }) => message_id)).size).toBe(3);
  });

  test('whatever a hook brings can be stored', async () => {
    await using desk = await openTestDesk(database);
    const channel = await hasHook(desk);
    const wild = 'NUL \0, half \uD83D, whole 😀, \u202Eback, <script>';

    await post(desk, channel, {
      external_id: 'ann',
      text: wild,
      name: 'x'.repeat(65_536),
      [wild]: { deep: wild },
    });

    const [message] = await messagesOf(desk, channel.id);
    const stored = 'NUL , half \uFFFD, whole 😀, \u202Eback, <script>';
    expect(message?.text).toBe(stored);
    expect(message?.raw).toMatchObject({ [stored]: { deep: stored } });
  });
});

test('a refused hook leaves nothing behind', async () => {
  await using desk = await openTestDesk('sqlite');
  const channel = await hasHook(desk);

  const stranger = post(desk, channel, { external_id: 'ann', text: 'hi' }, { authorization: 'Bearer guess' });
  const nobody = post(desk, channel, { text: 'hi' });

  await expect(stranger).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(nobody).rejects.toMatchObject({ code: 'invalid' });
  expect(await messagesOf(desk, channel.id)).toEqual([]);
});

test('only a webhook source takes hooks', async () => {
  await using desk = await openTestDesk('sqlite');
  const source = await createSource(desk, admin, SourceCreate.parse({ name: 'Site', code: 'site' }));
  const channel = await findChannel(desk, { id: source.id });
  const request = { headers: new Headers(), rawBody: new Uint8Array(), contentType: null };

  await expect(receiveHook(desk, channel, request, everything)).rejects.toMatchObject({ code: 'not-found' });
  await expect(receiveHook(desk, null, request, everything)).rejects.toMatchObject({ code: 'not-found' });
});
