import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { HookAccepted } from '../../src/contract/hook.ts';
import type { Contact } from '../../src/contract/contact.ts';
import { databases } from '../support/desk.ts';
import { madeSource, startTestApp } from '../support/http.ts';
import { postUpdate, updateOf } from './support/doors.ts';
import { setStage } from './support/examples.ts';

describe.each(databases)('on %s', (database) => {
  test('a message of any system becomes a contact, once for each of its ids', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app, { kind: 'webhook' });
    const shop = app.as(source.webhook!.secret);
    const body = { external_id: 'ann', text: 'Hello', id: 'm-1', name: 'Ann', unknown: { to: 'us' } };

    const first = await shop<HookAccepted>('POST', `//hooks/${source.code}`, { body });
    const again = await shop<HookAccepted>('POST', `//hooks/${source.code}`, { body });

    expect(first.status).toBe(202);
    expect(first.json).toMatchObject({ duplicate: false });
    expect(again.json).toEqual({ ...first.json, duplicate: true });
    const contact = await app.admin<Contact>('GET', `/contacts/${first.json.contact_id}`);
    expect(contact.json).toMatchObject({ text: 'Hello', lead: { external_id: 'ann', name: 'Ann' } });
  });

  test('what a channel brings is cleaned, not refused', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app, { kind: 'webhook' });
    const text = `a\0b\ud800${'x'.repeat(100_000)}`;

    const answer = await app.as(source.webhook!.secret)<HookAccepted>('POST', `//hooks/${source.code}`, {
      body: { external_id: 'ann', text, name: 'n'.repeat(65_536) },
    });
    const list = await app.admin<{ items: { text: string }[] }>(
      'GET',
      `/contacts/${answer.json.contact_id}/messages`,
    );

    expect(answer.status).toBe(202);
    expect(list.json.items[0]?.text).toBe(`ab\ufffd${'x'.repeat(100_000)}`);
  });

  test('a signature is checked over the very bytes that came', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app, { kind: 'webhook', webhook: { auth: 'standard' } });
    const raw = '{ "external_id" : "ann",  "text": "h\u00e9llo" }';
    const at = new Date();
    const headers = {
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(source.webhook!.secret).sign('msg_1', at, raw),
    };
    const post = (body: string, given: Record<string, string> = headers) =>
      app.as(null)<HookAccepted>('POST', `//hooks/${source.code}`, { raw: body, headers: given });

    const answers = [
      await post(raw),
      await post(raw),
      await post(raw.replace('ann', 'bob')),
      await post(raw, { 'content-type': 'application/json' }),
    ];

    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 401, 401]);
    expect(answers.slice(0, 2).map((answer) => answer.json.duplicate)).toEqual([false, true]);
  });

  test('the secret of a webhook stands in the answer that made it and nowhere else', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app, { kind: 'webhook' });

    const read = await app.admin('GET', `/sources/${source.id}`);

    expect(read.text).not.toContain(source.webhook!.secret);
    expect(read.json).toMatchObject({ webhook: { secret_hint: source.webhook!.secret.slice(-4) } });
  });

  test('an update that Telegram posts is committed before it is acknowledged, with an empty body', async () => {
    await using stage = await setStage(database);

    const answer = await postUpdate(stage, { body: updateOf(5) });

    expect([answer.status, answer.text]).toEqual([200, '']);
    const found = await stage.app.admin('GET', `/contacts?source_id=${stage.bot.id}`);
    expect(found.json).toMatchObject({
      items: [{ text: 'hello', lead: { external_id: 'tg:7', name: 'Ann' } }],
    });
  });
});
