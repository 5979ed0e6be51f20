import { describe, expect, test } from 'vitest';
import { SourceCreate } from '../../src/contract/source.ts';
import { findChannel, listChannels, rememberBot } from '../../src/desk/channels.ts';
import { createSource } from '../../src/desk/create-source.ts';
import { keepDeadLetter } from '../../src/desk/dead-letters.ts';
import { getSource } from '../../src/desk/sources.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { DeadLetter } from '../../src/store/entities/dead-letter.ts';
import { openSeal } from '../../src/store/seal.ts';
import { admin, databases, hasSource, openTestDesk, type TestDesk } from '../support/desk.ts';
import { eventsOf } from './administration.ts';

const TOKEN = '123456:AAbbccddeeffgghhiijjkkllmmnnooppqqr';
const bot = { id: 123456, username: 'lead_bot', is_bot: true };

const hasBot = (desk: TestDesk) =>
  createSource(
    desk,
    admin,
    SourceCreate.parse({ name: 'Bot', code: 'bot', kind: 'telegram', telegram: { token: TOKEN } }),
  );

describe.each(databases)('on %s', (database) => {
  test('a channel is found by id and by code, and every change of its source counts at once', async () => {
    await using desk = await openTestDesk(database);
    const { id } = await hasBot(desk);

    const byCode = await findChannel(desk, { code: 'bot' });
    await updateSource(desk, admin, 'bot', { is_active: false, code: 'robot' });

    expect(byCode).toMatchObject({
      id,
      code: 'bot',
      isActive: true,
      telegram: { token: TOKEN, botInfo: null },
    });
    expect(await findChannel(desk, { code: 'bot' })).toBeNull();
    expect(await findChannel(desk, { id })).toMatchObject({ code: 'robot', isActive: false });
    expect(await findChannel(desk, { code: 'robot' })).toMatchObject({ id });
  });

  test('a channel that was looked for is not read again until a source changes', async () => {
    await using desk = await openTestDesk(database);
    const told = new Promise((resolve) => desk.store.feed.subscribe(resolve));
    await hasBot(desk);
    // What a source's own creation clears is cleared by then.
    await told;

    const first = await findChannel(desk, { code: 'bot' });
    const second = await findChannel(desk, { code: 'bot' });

    expect(second).toBe(first);
    expect(await findChannel(desk, { id: first!.id })).toBe(first);
  });

  test('what was read before a change is not kept after it', async () => {
    await using desk = await openTestDesk(database);
    await hasBot(desk);

    const { generation } = desk.channelCache;
    const stale = (await findChannel(desk, { code: 'bot' }))!;
    desk.channelCache.clear();
    desk.channelCache.keep(stale, generation);

    expect(desk.channelCache.get({ code: 'bot' })).toBeUndefined();
  });

  test('who a bot is is remembered once, told, and needs no network at the next start', async () => {
    await using desk = await openTestDesk(database);
    const { id } = await hasBot(desk);

    await rememberBot(desk, id, bot);
    await rememberBot(desk, id, { is_bot: true, username: 'lead_bot', id: 123456 });

    expect(await listChannels(desk)).toMatchObject([{ telegram: { botInfo: bot } }]);
    expect(await getSource(desk, admin, 'bot')).toMatchObject({ telegram: { bot_username: 'lead_bot' } });
    expect(await eventsOf(desk, 'source.updated')).toHaveLength(2);
  });

  test('the secret of the Telegram webhook follows from the token and is not what the database holds', async () => {
    await using desk = await openTestDesk(database);
    await hasBot(desk);

    const { telegram } = (await findChannel(desk, { code: 'bot' }))!;

    expect(telegram!.webhookSecret).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
    const [row] = await desk.store.em().execute<object[]>('select * from source');
    expect(JSON.stringify(row)).not.toContain(telegram!.webhookSecret);
  });

  test('a secret that was sealed with another key stops its own source alone', async () => {
    await using desk = await openTestDesk(database);
    await hasBot(desk);
    await hasSource(desk, { code: 'site' });
    const moved = { ...desk, seal: openSeal(Buffer.alloc(32, 8)) };

    expect((await listChannels(moved)).map((channel) => channel.code)).toEqual(['site']);
  });

  test('what could not be handled is kept raw, each message once', async () => {
    await using desk = await openTestDesk(database);
    const sourceId = await hasSource(desk);
    const letter = { sourceId, externalId: '1:1', reason: 'unreadable', raw: { text: ['odd'] } };

    const first = await keepDeadLetter(desk, letter);
    const again = await keepDeadLetter(desk, letter);
    const nameless = [
      await keepDeadLetter(desk, { ...letter, externalId: null }),
      await keepDeadLetter(desk, { ...letter, externalId: null }),
    ];

    expect(again).toBe(first);
    expect(new Set([first, ...nameless]).size).toBe(3);
    expect(await desk.store.em().findOneOrFail(DeadLetter, { id: first })).toMatchObject({
      reason: 'unreadable',
      raw: { text: ['odd'] },
    });
  });
});
