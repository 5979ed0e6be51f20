import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { type CreatedSource, SourceCreate } from '../../src/contract/source.ts';
import { createSource } from '../../src/desk/create-source.ts';
import { claimDelivery } from '../../src/desk/claim-delivery.ts';
import { retryMessage } from '../../src/desk/retry-message.ts';
import { dueDeliveries } from '../../src/desk/due-deliveries.ts';
import type { Desk } from '../../src/desk/desk.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  openTestDesk,
  stoppedClock,
  writes,
} from '../support/desk.ts';
import { startReceiver } from '../outgoing/receiver.ts';
import { hasStatus, replies, startSending } from './support/outbox.ts';

const nowhere = { url: 'http://127.0.0.1:9' };

async function hasHook(desk: Desk, callbackUrl: string): Promise<CreatedSource> {
  const webhook = { callback_url: callbackUrl };
  return createSource(
    desk,
    admin,
    SourceCreate.parse({ name: 'Shop', code: 'shop', kind: 'webhook', webhook }),
  );
}

async function converses(desk: Desk, source: CreatedSource) {
  await hasOperator(desk, { on: { [source.id]: 1 } });
  const { contactId } = await writes(desk, source.id, 'ann', { externalId: 'm1' });
  return contactId!;
}

describe.each(databases)('%s', (database) => {
  test('a reply is posted to the callback address, signed, with its contact and lead', async () => {
    await using desk = await openTestDesk(database);
    await using receiver = await startReceiver((response) => response.end());
    const source = await hasHook(desk, receiver.url);
    const contactId = await converses(desk, source);
    await using _ = await startSending(desk, nowhere);

    const reply = await replies(desk, contactId, 'привет');
    await hasStatus(desk, reply.id, 'sent');

    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    const posted = new Webhook(source.webhook!.secret).verify(body, headers as Record<string, string>);
    expect(posted).toMatchObject({
      type: 'message.created',
      timestamp: reply.created_at,
      data: {
        message: { id: reply.id, text: 'привет', author: 'operator' },
        contact: { id: contactId, status: 'assigned', source: { code: 'shop' } },
        lead: { external_id: 'ann' },
      },
    });
  });

  test('a post that a crash left under way is made again, under the same id', async () => {
    await using desk = await openTestDesk(database);
    await using receiver = await startReceiver((response) => response.end());
    const source = await hasHook(desk, receiver.url);
    const contactId = await converses(desk, source);
    const reply = await replies(desk, contactId, 'at least once');
    const [due] = await dueDeliveries(desk, [source.id], 10);
    await claimDelivery(desk, due!.id);

    await using _ = await startSending(desk, nowhere);
    await hasStatus(desk, reply.id, 'sent');

    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([`msg_${reply.id}`]);
  });
});

test('a callback that fails is posted again by the schedule, ten times, and has failed then', async () => {
  const clock = stoppedClock();
  await using desk = await openTestDesk('sqlite', { clock });
  await using receiver = await startReceiver((response) => response.writeHead(500).end());
  const contactId = await converses(desk, await hasHook(desk, receiver.url));
  await using _ = await startSending(desk, nowhere);

  const reply = await replies(desk, contactId, 'again and again');
  for (let tries = 1; tries < 10; tries += 1) {
    await expect.poll(() => receiver.received.length).toBe(tries);
    await hasStatus(desk, reply.id, 'queued');
    clock.advance(27 * 3_600_000);
  }
  const message = await hasStatus(desk, reply.id, 'failed');

  expect(message.error).toBe('status 500');
  expect(receiver.received).toHaveLength(10);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('a reply that a person has posted again keeps its id', async () => {
  const answers = [410, 200];
  await using desk = await openTestDesk('sqlite');
  await using receiver = await startReceiver((response) => response.writeHead(answers.shift()!).end());
  const source = await hasHook(desk, receiver.url);
  const operatorId = await hasOperator(desk, { on: { [source.id]: 1 } });
  const { contactId } = await writes(desk, source.id, 'ann', { externalId: 'm1' });
  await using _ = await startSending(desk, nowhere);
  const reply = await replies(desk, contactId!, 'hello?');
  await hasStatus(desk, reply.id, 'failed');

  await retryMessage(desk, actingAs(operatorId), reply.id);
  await hasStatus(desk, reply.id, 'sent');

  const id = `msg_${reply.id}`;
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
});

test('a receiver that says it is gone is believed', async () => {
  await using desk = await openTestDesk('sqlite');
  await using receiver = await startReceiver((response) => response.writeHead(410).end());
  const contactId = await converses(desk, await hasHook(desk, receiver.url));
  await using _ = await startSending(desk, nowhere);

  const reply = await replies(desk, contactId, 'hello?');

  expect(await hasStatus(desk, reply.id, 'failed')).toMatchObject({ error: 'status 410' });
  expect(receiver.received).toHaveLength(1);
});

test('a callback address in a private range gets nothing unless it is allowed', async () => {
  await using desk = await openTestDesk('sqlite');
  await using receiver = await startReceiver((response) => response.end());
  const contactId = await converses(desk, await hasHook(desk, receiver.url));
  await using _ = await startSending(desk, nowhere, { allow: [] });

  const reply = await replies(desk, contactId, 'secret');
  await hasStatus(desk, reply.id, 'queued', 'address-not-allowed');

  expect(receiver.received).toEqual([]);
});
