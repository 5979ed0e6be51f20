import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { HookAccepted } from '../../src/contract/hook.ts';
import type { CreatedSource, RotatedSecret } from '../../src/contract/source.ts';
import { startReceiver } from '../outgoing/receiver.ts';
import { databases } from '../support/desk.ts';
import {
  holderOf,
  madeContact,
  madeOperator,
  madeSource,
  startTestApp,
  type TestApp,
} from '../support/http.ts';

async function rotated(app: TestApp, { id }: CreatedSource, overlap_hours?: number): Promise<string> {
  const { json } = await app.admin<RotatedSecret>('POST', `/sources/${id}/secret`, {
    body: { overlap_hours },
  });
  return json.secret;
}

function postSigned(app: TestApp, code: string, secret: string, id: string) {
  const at = new Date();
  const raw = '{"external_id":"ann","text":"hello"}';
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, raw),
  };
  return app.as(null)<HookAccepted>('POST', `//hooks/${code}`, { raw, headers });
}

describe.each(databases)('on %s', (database) => {
  test('a sender may change over in its own time, and one without an overlap is locked out at once', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app, { kind: 'webhook' });
    const say = async (secret: string, id: string) => {
      const body = { external_id: 'ann', text: 'hello', id };
      return (await app.as(secret)('POST', `//hooks/${source.code}`, { body })).status;
    };
    const first = source.webhook!.secret;

    const second = await rotated(app, source);
    const during = [await say(first, '1'), await say(second, '2'), await say('whsec_wrong', '3')];
    const third = await rotated(app, source, 0);
    const after = [await say(first, '4'), await say(second, '5'), await say(third, '6')];

    expect(during).toEqual([202, 202, 401]);
    expect(after).toEqual([401, 401, 202]);
  });

  test('what was signed by either secret is taken, and a repeated webhook-id counts once whoever signs it', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app, { kind: 'webhook', webhook: { auth: 'standard' } });
    const first = source.webhook!.secret;
    const second = await rotated(app, source);

    const byOld = await postSigned(app, source.code, first, 'evt_1');
    const replayed = await postSigned(app, source.code, second, 'evt_1');
    const byNew = await postSigned(app, source.code, second, 'evt_2');
    await rotated(app, source, 0);
    const late = await postSigned(app, source.code, first, 'evt_1');

    expect(byOld).toMatchObject({ status: 202, json: { duplicate: false } });
    expect(replayed).toMatchObject({ status: 202, json: { ...byOld.json, duplicate: true } });
    expect(byNew).toMatchObject({ status: 202, json: { duplicate: false } });
    expect(late.status).toBe(401);
  });

  test('a callback is signed by both secrets while both count, and then by the new one alone', async () => {
    await using receiver = await startReceiver((response) => response.end());
    await using app = await startTestApp(database, { callbackAllow: ['127.0.0.0/8'] });
    const operator = await madeOperator(app);
    const reply = await holderOf(app, { operator_id: operator.id });
    const webhook = { callback_url: receiver.url };
    const source = await madeSource(app, { kind: 'webhook', webhook }, { [operator.id]: 1 });
    const { id } = await madeContact(app, source.id);
    const opens = (secret: string) => {
      const { headers, body } = receiver.received.at(-1)!;
      try {
        new Webhook(secret).verify(body, headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    };
    const says = async (text: string, count: number) => {
      await reply('POST', `/contacts/${id}/messages`, { body: { text } });
      await expect.poll(() => receiver.received.length, { timeout: 5000 }).toBe(count);
    };
    const first = source.webhook!.secret;

    const second = await rotated(app, source);
    await says('during', 1);
    const during = [opens(first), opens(second)];
    const third = await rotated(app, source, 0);
    await says('after', 2);
    const after = [opens(first), opens(second), opens(third)];

    expect(during).toEqual([true, true]);
    expect(after).toEqual([false, false, true]);
  });
});
