import { describe, expect, test } from 'vitest';
import type { ContactId } from '../../src/contract/ids.ts';
import { announceOnce } from '../../src/desk/announce-once.ts';
import { claimDelivery } from '../../src/desk/claim-delivery.ts';
import { dueDeliveries } from '../../src/desk/due-deliveries.ts';
import { settleDelivery } from '../../src/desk/settle-delivery.ts';
import { Announcement } from '../../src/store/entities/announcement.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { databases, hasSource, openTestDesk, stoppedClock, type TestDesk, writes } from '../support/desk.ts';
import { hasChat, replies, tries } from './chats.ts';

/** A bot with replies to two chats, `-5` and `-6`. */
async function hasChats(desk: TestDesk) {
  const { asAnn, source, contactId: moving } = await hasChat(desk, {}, '-5');
  const staying = (await writes(desk, source, 'six', { chat: '-6' })).contactId!;
  return {
    source,
    moving,
    staying,
    says: (contactId: ContactId, text: string) => replies(desk, { contactId, asAnn }, text),
  };
}

const chatsOf = async (desk: TestDesk): Promise<unknown[]> =>
  (await desk.store.em().find(Contact, {}, { orderBy: { id: 'asc' } })).map(({ chat }) => chat);

describe.each(databases)('on %s', (database) => {
  test('a chat that moved takes its contact and what is queued along, in their order', async () => {
    await using desk = await openTestDesk(database);
    const { source, moving, staying, says } = await hasChats(desk);
    for (const text of ['one', 'two', 'three']) await says(moving, text);
    await says(staying, 'mine');

    await tries(desk, { source }, { kind: 'sent', externalId: '-105:1', movedTo: '-105' });
    await says(moving, 'four');

    expect(await chatsOf(desk)).toEqual(['-105', '-6']);
    const found: unknown[] = [];
    for (let n = 0; n < 4; n += 1) {
      const due = await dueDeliveries(desk, [source], 10);
      const next = due.find(({ chat }) => chat === '-105') ?? due[0]!;
      found.push([next.text, next.chat, next.lane]);
      await claimDelivery(desk, next.id);
      await settleDelivery(desk, next.id, { kind: 'sent', externalId: null });
    }
    expect(found).toEqual([
      ['two', '-105', 'chat:-105'],
      ['three', '-105', 'chat:-105'],
      ['four', '-105', 'chat:-105'],
      ['mine', '-6', 'chat:-6'],
    ]);
  });

  test('a reply that the new chat did not take yet is tried again there', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const { source, moving, says } = await hasChats(desk);
    await says(moving, 'one');

    await tries(desk, { source }, { kind: 'retry', at: clock.now(), error: 'wait', movedTo: '-105' });

    expect(await dueDeliveries(desk, [source], 10)).toMatchObject([
      { text: 'one', chat: '-105', lane: 'chat:-105', attempt: 1 },
    ]);
  });

  test('a new chat that takes nothing either ends what is queued for it', async () => {
    await using desk = await openTestDesk(database);
    const { source, moving, says } = await hasChats(desk);
    for (const text of ['one', 'two']) await says(moving, text);

    await tries(desk, { source }, { kind: 'failed', error: 'chat-not-found', movedTo: '-105' });

    expect(await dueDeliveries(desk, [source], 10)).toEqual([]);
    expect(await desk.store.em().findOne(Contact, { id: moving })).toMatchObject({
      chat: '-105',
      unreachableReason: 'chat-not-found',
    });
  });

  test('what was announced in a chat is not announced again under its new id', async () => {
    await using desk = await openTestDesk(database);
    const { source } = await hasChats(desk);
    const notice = { topic: 'private-only' as const, text: 'in private' };
    const other = await hasSource(desk, { kind: 'telegram' });
    for (const sourceId of [source, other]) await announceOnce(desk, { ...notice, sourceId, chat: '-7' });

    await tries(desk, { source }, { kind: 'sent', externalId: '-107:1', movedTo: '-107' });
    await announceOnce(desk, { ...notice, sourceId: source, chat: '-107' });
    await announceOnce(desk, { ...notice, sourceId: source, chat: '-7' });
    await tries(desk, { source }, { kind: 'sent', externalId: '-107:2', movedTo: '-107' });

    const said = await desk.store.em().find(Announcement, {}, { orderBy: { chat: 'asc' } });
    expect(said.map(({ sourceId, chat }) => [sourceId, chat])).toEqual([
      [source, '-107'],
      [other, '-7'],
    ]);
    expect(await dueDeliveries(desk, [source], 10)).toEqual([]);
  });
});
