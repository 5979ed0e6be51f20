import { describe, expect, test } from 'vitest';
import { SourceCreate, SourceUpdate } from '../../src/contract/source.ts';
import { announceOnce } from '../../src/desk/announce-once.ts';
import { findChannel, listChannels } from '../../src/desk/channels.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { createSource } from '../../src/desk/create-source.ts';
import { deleteSource } from '../../src/desk/delete-source.ts';
import { getSource, listSources } from '../../src/desk/sources.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { Source } from '../../src/store/entities/source.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  type TestDesk,
} from '../support/desk.ts';
import { configVersion, eventsOf } from './administration.ts';

const TOKEN = '123456:AAbbccddeeffgghhiijjkkllmmnnooppqqr';
const OTHER_TOKEN = '123456:ZZbbccddeeffgghhiijjkkllmmnnooppqqr';
const bot = { id: 123456, username: 'lead_bot', is_bot: true };

const create = (desk: TestDesk, source: object, me: typeof bot | null = null) =>
  createSource(desk, admin, SourceCreate.parse(source), me);
const update = (desk: TestDesk, ref: string, change: object, me: typeof bot | null = null) =>
  updateSource(desk, admin, ref, SourceUpdate.parse(change), me);
const telegram = { name: 'Bot', code: 'bot', kind: 'telegram', telegram: { token: TOKEN } };

describe.each(databases)('on %s', (database) => {
  test('a new source has the defaults of the contract and is found by id and by code', async () => {
    await using desk = await openTestDesk(database);

    const site = await create(desk, { name: 'Site', code: 'site' });

    expect(site).toMatchObject({
      name: 'Site',
      code: 'site',
      kind: 'api',
      is_active: true,
      strategy: 'weighted_random',
      return_policy: { kind: 'route' },
      require_presence: false,
      greeting: null,
      greetings: {},
    });
    expect(site).not.toHaveProperty('telegram');
    expect(await getSource(desk, admin, 'site')).toEqual(site);
    expect(await getSource(desk, admin, String(site.id))).toEqual(site);
    for (const ref of ['nowhere', '4711', '99999999999999999999'])
      await expect(getSource(desk, admin, ref)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a code belongs to one source', async () => {
    await using desk = await openTestDesk(database);
    await create(desk, { name: 'One', code: 'one' });
    await create(desk, { name: 'Two', code: 'two' });

    await expect(create(desk, { name: 'One', code: 'one' })).rejects.toMatchObject({ code: 'code-taken' });
    await expect(update(desk, 'two', { code: 'one' })).rejects.toMatchObject({ code: 'code-taken' });

    expect(await update(desk, 'two', { code: 'two', name: 'Zwei' })).toMatchObject({ name: 'Zwei' });
  });

  test('a webhook secret is answered once, kept sealed, and given to nobody but the channel', async () => {
    await using desk = await openTestDesk(database);

    const made = await create(desk, { name: 'Shop', code: 'shop', kind: 'webhook' });

    const secret = made.webhook!.secret;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    const seen = await getSource(desk, admin, 'shop');
    expect(seen).toMatchObject({
      webhook: { auth: 'bearer', callback_url: null, mapping: {}, secret_hint: secret.slice(-4) },
    });
    expect(JSON.stringify(seen)).not.toContain(secret);
    const row = await desk.store.em().findOneOrFail(Source, { id: made.id });
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(JSON.stringify(await eventsOf(desk, 'source.updated'))).not.toContain(secret);
    expect(await findChannel(desk, { code: 'shop' })).toMatchObject({
      webhook: { secrets: [{ secret, until: null }], auth: 'bearer' },
    });
  });

  test('a bot token belongs to one source and is read by nobody but the channel', async () => {
    await using desk = await openTestDesk(database);

    const made = await create(desk, telegram, bot);

    expect(made).toMatchObject({
      telegram: { mode: 'polling', bot_username: 'lead_bot', token_hint: TOKEN.slice(-4), api_root: null },
    });
    const row = await desk.store.em().findOneOrFail(Source, { id: made.id });
    expect(JSON.stringify(row)).not.toContain(TOKEN);
    await expect(create(desk, { ...telegram, code: 'twin' })).rejects.toMatchObject({ code: 'token-in-use' });
    expect(await listChannels(desk)).toMatchObject([
      { code: 'bot', telegram: { token: TOKEN, botInfo: bot } },
    ]);
  });

  test('another bot token forgets the old bot, and who the new one is can be given with it', async () => {
    await using desk = await openTestDesk(database);
    await create(desk, telegram, bot);

    const same = await update(desk, 'bot', { telegram: { token: TOKEN } });
    const changed = await update(desk, 'bot', { telegram: { token: OTHER_TOKEN, mode: 'webhook' } });
    const known = await update(desk, 'bot', { telegram: { token: TOKEN } }, { ...bot, username: 'new_bot' });

    expect(same.telegram).toMatchObject({ bot_username: 'lead_bot' });
    expect(changed.telegram).toMatchObject({ bot_username: null, mode: 'webhook' });
    expect(known.telegram).toMatchObject({ bot_username: 'new_bot', mode: 'webhook' });
    expect(await findChannel(desk, { code: 'bot' })).toMatchObject({ telegram: { token: TOKEN } });
  });

  test('greetings by language are kept as they are given, and a change takes the place of all', async () => {
    await using desk = await openTestDesk(database);
    const greetings = { ru: 'Здравствуйте!', 'pt-br': 'Oi!' };

    const made = await create(desk, { ...telegram, greeting: 'Welcome!', greetings });
    const renamed = await update(desk, 'bot', { name: 'Robot' });
    const changed = await update(desk, 'bot', { greetings: { en: 'Hi!' } });
    const cleared = await update(desk, 'bot', { greetings: {}, greeting: null });

    expect(made).toMatchObject({ greeting: 'Welcome!', greetings });
    expect(renamed).toMatchObject({ greeting: 'Welcome!', greetings });
    expect(changed).toMatchObject({ greeting: 'Welcome!', greetings: { en: 'Hi!' } });
    expect(cleared).toMatchObject({ greeting: null, greetings: {} });
    expect(await getSource(desk, admin, 'bot')).toEqual(cleared);
    expect((await eventsOf(desk, 'source.updated')).at(-1)).toMatchObject({ data: cleared });
  });

  test('settings of another kind of source are refused where they stand', async () => {
    await using desk = await openTestDesk(database);
    await create(desk, { name: 'Site', code: 'site' });

    const refused = update(desk, 'site', { webhook: { callback_url: 'https://example.org' } });

    await expect(refused).rejects.toMatchObject({
      code: 'invalid',
      details: { errors: [{ path: 'webhook' }] },
    });
  });

  test('webhook settings change one by one; null clears the address', async () => {
    await using desk = await openTestDesk(database);
    await create(desk, {
      name: 'Shop',
      code: 'shop',
      kind: 'webhook',
      webhook: { callback_url: 'https://example.org/in', mapping: { text: '/body' } },
    });

    const standard = await update(desk, 'shop', { webhook: { auth: 'standard' } });
    const silent = await update(desk, 'shop', { webhook: { callback_url: null } });

    expect(standard.webhook).toMatchObject({
      auth: 'standard',
      callback_url: 'https://example.org/in',
      mapping: { text: '/body' },
    });
    expect(silent.webhook).toMatchObject({ auth: 'standard', callback_url: null });
  });

  test('a source that is switched on again gives its queue out, and every change counts and is told', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { code: 'site', isActive: false });
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const contact = await opens(desk, source, 'lead');
    expect(contact.decision.refused).toEqual({ 'source-inactive': 1 });
    const before = await configVersion(desk);

    await update(desk, 'site', { is_active: true });

    expect(await getContact(desk, admin, contact.id)).toMatchObject({ operator_id: ann });
    expect(await configVersion(desk)).toBe(before + 1);
    expect(await eventsOf(desk, 'source.updated')).toMatchObject([
      { sourceId: source, contactId: null, data: { code: 'site', is_active: true } },
    ]);
  });

  test('a source that contacts name cannot be deleted', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { code: 'site' });
    await opens(desk, source, 'lead');

    await expect(deleteSource(desk, admin, 'site')).rejects.toMatchObject({ code: 'source-in-use' });
  });

  test('a deleted source is gone with its weights and its unsaid lines, and is told for the last time', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { code: 'bot', kind: 'telegram' });
    await hasOperator(desk, { on: { [source]: 1 } });
    await announceOnce(desk, { sourceId: source, chat: '1', topic: 'private-only', text: 'in private' });
    await findChannel(desk, { code: 'bot' });

    await deleteSource(desk, admin, 'bot');

    expect(await findChannel(desk, { code: 'bot' })).toBeNull();
    expect(await desk.store.em().count(Delivery)).toBe(0);
    expect((await eventsOf(desk, 'source.updated')).at(-1)).toMatchObject({
      sourceId: source,
      data: { id: source, code: 'bot' },
    });
    await expect(deleteSource(desk, admin, 'bot')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('an operator sees its own sources in brief and no others; only an admin changes them', async () => {
    await using desk = await openTestDesk(database);
    const [mine, muted] = [await hasSource(desk, { code: 'mine' }), await hasSource(desk, { code: 'muted' })];
    await hasSource(desk, { code: 'other' });
    const ann = await hasOperator(desk, { on: { [mine]: 1, [muted]: 0 } });
    const me = actingAs(ann);

    const { items } = await listSources(desk, me, { limit: 50 });

    expect(items).toEqual([{ id: mine, name: 'mine', code: 'mine', kind: 'api', is_active: true }]);
    await expect(getSource(desk, me, 'muted')).rejects.toMatchObject({ code: 'not-found' });
    expect((await listSources(desk, actingAs(ann, 'supervisor'), { limit: 50 })).items).toHaveLength(3);
    for (const role of ['operator', 'supervisor'] as const) {
      const actor = actingAs(ann, role);
      await expect(updateSource(desk, actor, 'mine', { name: 'x' })).rejects.toMatchObject({
        code: 'forbidden',
      });
      await expect(deleteSource(desk, actor, 'mine')).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test('the list pages by id', async () => {
    await using desk = await openTestDesk(database);
    for (const code of ['a', 'b', 'c']) await hasSource(desk, { code });

    const first = await listSources(desk, admin, { limit: 2 });
    const second = await listSources(desk, admin, { limit: 2, cursor: first.next_cursor! });

    expect([...first.items, ...second.items].map((source) => source.code)).toEqual(['a', 'b', 'c']);
    expect(second.next_cursor).toBeNull();
  });
});
