import { describe, expect, test } from 'vitest';
import { deleteSource } from '../../src/desk/delete-source.ts';
import { startBotApi } from '../../src/demo/bot-api/start.ts';
import { DeadLetter } from '../../src/store/entities/dead-letter.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { admin, databases, openTestDesk } from '../support/desk.ts';
import { hasBot, messagesOf, nextEvent, nextMessage, tokenOf } from './support/bots.ts';
import { change, isPolled, launch } from './support/fleet.ts';
import { holdsNothing } from './support/holdings.ts';

const token = tokenOf(1);

describe.each(databases)('%s', (database) => {
  test('what a customer writes to a polled bot becomes a message of a contact', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    await using fleet = await launch(desk, api);
    const committed = nextMessage(desk, 'hello');

    api.customer(token, { id: 42, first_name: 'Ann', last_name: 'Lee' }).writes('hello');
    const event = await committed;

    expect(event).toMatchObject({
      sourceId: source.id,
      data: { author: 'lead', text: 'hello', external_id: '42:1' },
    });
    expect(await fleet.health(source.id)).toMatchObject({
      state: 'running',
      mode: 'polling',
      bot_username: 'bot_700000001_bot',
      last_update_at: expect.any(String),
      last_error: null,
    });
  });

  test('two bots with one customer and equal message ids stay two contacts', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const sources = [await hasBot(desk, api), await hasBot(desk, api, { token: tokenOf(2) })];
    await using _ = await launch(desk, api);
    const committed = [nextMessage(desk, 'to one'), nextMessage(desk, 'to two')];

    api.customer(token, { id: 42 }).writes('to one');
    api.customer(tokenOf(2), { id: 42 }).writes('to two');
    const [one, two] = await Promise.all(committed);

    expect([one?.sourceId, two?.sourceId]).toEqual(sources.map(({ id }) => id));
    expect(one?.contactId).not.toBe(two?.contactId);
  });

  test('an edit changes its message, and everything else is kept and shown as not supported yet', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    await using _ = await launch(desk, api);
    const ann = api.customer(token, { id: 42 });
    const edited = nextEvent(desk, ({ type }) => type === 'message.updated');

    const { message_id } = ann.writes('helo');
    ann.edits(message_id, 'hello');
    const last = nextMessage(desk, 'not supported yet: sticker');
    ann.writes({ sticker: { file_id: 'S' } as never });
    await Promise.all([edited, last]);

    const messages = await messagesOf(desk, source.id);
    expect(messages.map(({ text }) => text)).toEqual(['hello', 'not supported yet: sticker']);
    expect(messages[0]?.editedAt).toBeInstanceOf(Date);
    expect(messages[1]?.raw).toMatchObject({ message: { sticker: { file_id: 'S' } } });
  });

  test('what the desk knows no word for becomes a dead letter, and the chat goes on', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    await using _ = await launch(desk, api);
    const committed = nextMessage(desk, 'after');

    api.pushUpdate(token, { channel_post: { message_id: 1, chat: { id: -1, type: 'channel' }, date: 1 } });
    api.pushUpdate(token, { message: 'nonsense \0' });
    api.customer(token, { id: 42 }).writes('after');
    await committed;
    await api.waitForCall(({ params }) => params['offset'] === 4);

    const letters = await desk.store.em().find(DeadLetter, {}, { orderBy: { reason: 'desc' } });
    expect(letters.map(({ sourceId, reason }) => [sourceId, reason])).toEqual([
      [source.id, 'unsupported-update: channel_post'],
      [source.id, 'malformed-update: message'],
    ]);
  });

  test('in a group the bot says once that it works in private', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    await hasBot(desk, api);
    await using _ = await launch(desk, api);
    const message = { message_id: 1, chat: { id: -100, type: 'group', title: 'Us' }, date: 1, text: 'hi' };

    for (let count = 0; count < 3; count += 1) api.pushUpdate(token, { message });
    await api.waitForCall(({ params }) => params['offset'] === 4);

    expect(await desk.store.em().count(DeadLetter)).toBe(0);
    const lines = await desk.store.em().find(Delivery, {});
    expect(lines).toMatchObject([
      { kind: 'telegram', chat: '-100', text: expect.stringContaining('private') },
    ]);
  });

  test('a bot starts, changes its token and stops while the gateway runs', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    await using fleet = await launch(desk, api);

    const source = await hasBot(desk, api);
    await isPolled(api, token);
    api.addBot({ token: tokenOf(2), username: 'new_bot' });
    await change(desk, source.id, { telegram: { token: tokenOf(2) } });
    await isPolled(api, tokenOf(2));
    const committed = nextMessage(desk, 'to the new one');
    api.customer(tokenOf(2), { id: 42 }).writes('to the new one');
    await committed;

    expect(api.isPolled(token)).toBe(false);
    expect(await fleet.health(source.id)).toMatchObject({ state: 'running', bot_username: 'new_bot' });
  });

  test('a bot that is switched off asks no more; what was written meanwhile comes when it is on again', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    const probe = await hasBot(desk, api, { token: tokenOf(2) });
    await using fleet = await launch(desk, api);
    await Promise.all([isPolled(api, token), isPolled(api, tokenOf(2))]);

    await change(desk, source.id, { is_active: false });
    // The fleet follows one change after the other: when the second is done, so is the first.
    api.addBot({ token: tokenOf(3), username: 'third_bot' });
    await change(desk, probe.id, { telegram: { token: tokenOf(3) } });
    await isPolled(api, tokenOf(3));
    api.customer(token, { id: 42 }).writes('anybody there?');
    const off = await fleet.health(source.id);
    const committed = nextMessage(desk, 'anybody there?');
    await change(desk, source.id, { is_active: true });
    await committed;

    expect(off).toMatchObject({ state: 'stopped', mode: 'polling' });
    expect((await fleet.health(source.id)).state).toBe('running');
  });

  test('a deleted source stops its bot', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    await using fleet = await launch(desk, api);
    await isPolled(api, token);

    await deleteSource(desk, admin, source.code);
    await hasBot(desk, api, { token: tokenOf(2) });
    await isPolled(api, tokenOf(2));

    expect((await fleet.health(source.id)).state).toBe('starting');
    api.customer(token, { id: 42 }).writes('nobody takes this');
    expect(api.pendingUpdates(token)).toHaveLength(1);
  });

  test('a change that a bot does not depend on leaves it alone', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    await using _ = await launch(desk, api);
    await isPolled(api, token);

    await change(desk, source.id, { name: 'Another name' });
    await hasBot(desk, api, { token: tokenOf(2) });
    await isPolled(api, tokenOf(2));

    expect(api.calls.filter(({ token: called }) => called === token).map(({ method }) => method)).toEqual([
      'getMe',
      'deleteWebhook',
      'getUpdates',
    ]);
  });

  test('sources that change while the bots are starting start once', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    await hasBot(desk, api);

    const starting = launch(desk, api);
    await hasBot(desk, api, { token: tokenOf(2) });
    await using _ = await starting;
    await Promise.all([isPolled(api, token), isPolled(api, tokenOf(2))]);

    const polls = api.calls
      .filter(({ method }) => method === 'getUpdates')
      .map(({ token: called }) => called);
    expect(polls.toSorted()).toEqual([token, tokenOf(2)]);
  });

  test('a restart asks Telegram for no name, and takes everything exactly once', async () => {
    await using desk = await openTestDesk(database);
    await using api = await startBotApi();
    const source = await hasBot(desk, api);
    const ann = api.customer(token, { id: 42 });
    const first = await launch(desk, api);
    const committed = nextMessage(desk, 'before');
    ann.writes('before');
    await committed;
    await first[Symbol.asyncDispose]();
    ann.writes('after');
    const again = nextMessage(desk, 'after');

    await using _ = await launch(desk, api);
    await again;

    expect((await messagesOf(desk, source.id)).map(({ text }) => text)).toEqual(['before', 'after']);
    expect(api.calls.filter(({ method }) => method === 'getMe')).toHaveLength(1);
  });
});

test('a bot whose source is lost to another gateway stops, though nothing can be read', async () => {
  await using desk = await openTestDesk('sqlite');
  await using api = await startBotApi();
  await hasBot(desk, api, { token });
  let isHeld = true;
  const followers: (() => Promise<void>)[] = [];
  const holdings = {
    ...holdsNothing(),
    of: () => ({ fence: null, isHeld: () => isHeld }),
    subscribe: (follower: () => Promise<void>) => {
      followers.push(follower);
      return () => {};
    },
  };
  const em = (): ReturnType<typeof desk.store.em> => {
    if (!isHeld) throw new Error('cannot be read');
    return desk.store.em();
  };
  await using _ = await launch({ ...desk, store: { ...desk.store, em } }, api, { holdings });
  await expect.poll(() => api.isPolled(token)).toBe(true);

  isHeld = false;
  void followers[0]!();

  await expect.poll(() => api.isPolled(token)).toBe(false);
});
