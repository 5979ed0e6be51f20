import { expect, test, describe } from 'vitest';
import type { Contact } from '../../src/contract/contact.ts';
import { startBotApi } from '../../src/demo/bot-api/start.ts';
import { databases } from '../support/desk.ts';
import { startTestApp } from '../support/http.ts';
import { tokenOf } from './support/bots.ts';

const token = tokenOf(1);

describe.each(databases)('%s', (database) => {
  test('the bot tells who waits its place in its own language, behind the greeting, and again at the front', async () => {
    await using api = await startBotApi();
    api.addBot({ token, username: 'shop_bot' });
    await using app = await startTestApp(database, { telegramApiRoot: api.url });
    await app.admin('POST', '/sources', {
      body: {
        name: 'Shop',
        code: 'shop',
        kind: 'telegram',
        telegram: { token },
        greetings: { ru: 'Здравствуйте!' },
        queue_notice: 'You are number {place} in the queue.',
        queue_notices: { ru: 'Вы {place}-й в очереди.' },
      },
    });
    const textsTo = (chat: string) =>
      api.sent.filter(({ chatId }) => chatId === chat).map(({ text }) => text);
    const told = (chat: string, text: string) =>
      api.waitForSent((sent) => sent.chatId === chat && sent.text === text);

    api.customer(token, { id: 41 }).writes('Hello');
    await told('41', 'You are number 1 in the queue.');
    api.customer(token, { id: 42, language_code: 'ru' }).writes('Здравствуйте');
    await told('42', 'Вы 2-й в очереди.');
    const { json } = await app.admin<{ items: Contact[] }>('GET', '/contacts?status=waiting');
    const first = json.items.find(({ lead }) => lead.external_id === 'tg:41')!;
    await app.admin('PUT', `/contacts/${first.id}/close`, { body: {} });
    await told('42', 'Вы 1-й в очереди.');

    expect(textsTo('41')).toEqual(['You are number 1 in the queue.']);
    expect(textsTo('42')).toEqual(['Здравствуйте!', 'Вы 2-й в очереди.', 'Вы 1-й в очереди.']);
  });
});
