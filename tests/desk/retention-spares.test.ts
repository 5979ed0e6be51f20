import { describe, expect, test } from 'vitest';
import type { SourceId } from '../../src/contract/ids.ts';
import { MessageCreate } from '../../src/contract/message.ts';
import { announceOnce } from '../../src/desk/announce-once.ts';
import { claimDelivery } from '../../src/desk/claim-delivery.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { receiveEdit } from '../../src/desk/receive-edit.ts';
import { eraseOutdated } from '../../src/desk/retention.ts';
import { settleDelivery } from '../../src/desk/settle-delivery.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import { Announcement } from '../../src/store/entities/announcement.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { EarlyEdit } from '../../src/store/entities/early-edit.ts';
import { Message } from '../../src/store/entities/message.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  stoppedClock,
  type TestDesk,
  writes,
} from '../support/desk.ts';

const DAY = 24 * 3_600_000;

async function keepsForADay(desk: TestDesk): Promise<SourceId> {
  const source = await hasSource(desk, { kind: 'telegram' });
  await updateSource(desk, admin, String(source), { retention_days: 1 });
  return source;
}

async function countsOf(desk: TestDesk): Promise<number[]> {
  const em = desk.store.em();
  return [await em.count(EarlyEdit), await em.count(Announcement), await em.count(Delivery)];
}

describe.each(databases)('on %s', (database) => {
  test('what is due to an open contact stays when an old one of the same chat is erased', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await keepsForADay(desk);
    const old = await writes(desk, source, 'tg:9', { chat: '9', externalId: '9:1' });
    await closeContact(desk, admin, old.contactId!, {});
    clock.advance(2 * DAY);
    const open = await writes(desk, source, 'tg:9', { chat: '9', externalId: '9:5' });
    const edit = { sourceId: source, externalId: '9:6', editedAt: clock.now(), raw: null };
    await receiveEdit(desk, { ...edit, text: 'what I really mean' });
    await announceOnce(desk, { sourceId: source, chat: '9', topic: 'private-only', text: 'a line' });

    await eraseOutdated(desk);

    expect(await desk.store.em().count(Contact, { erasedAt: { $ne: null } })).toBe(1);
    expect(await countsOf(desk)).toEqual([1, 1, 1]);
    const { messageId } = await writes(desk, source, 'tg:9', {
      chat: '9',
      text: 'mistyped',
      externalId: '9:6',
    });
    expect(await desk.store.em().findOne(Message, { id: messageId! })).toMatchObject({
      text: 'what I really mean',
    });
    await closeContact(desk, admin, open.contactId!, {});
    await receiveEdit(desk, { ...edit, externalId: '9:7', text: 'early' });
    clock.advance(2 * DAY);
    await eraseOutdated(desk);
    expect(await countsOf(desk)).toEqual([0, 0, 0]);
  });

  test('what two contacts of one chat have goes when both are erased at once', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await keepsForADay(desk);
    for (const externalId of ['9:1', '9:2']) {
      const { contactId } = await writes(desk, source, 'tg:9', { chat: '9', externalId });
      await closeContact(desk, admin, contactId!, {});
    }
    await announceOnce(desk, { sourceId: source, chat: '9', topic: 'private-only', text: 'a line' });
    clock.advance(2 * DAY);

    await eraseOutdated(desk);

    expect(await countsOf(desk)).toEqual([0, 0, 0]);
  });

  test('a contact is kept until its replies are sent or have failed', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await keepsForADay(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const { contactId } = await writes(desk, source, 'tg:9', { chat: '9' });
    const reply = MessageCreate.parse({ text: 'a reply', kind: 'reply' });
    await writeMessage(desk, actingAs(ann), contactId!, reply);
    await closeContact(desk, admin, contactId!, {});
    const other = await writes(desk, source, 'tg:10', { chat: '10' });
    await closeContact(desk, admin, other.contactId!, {});
    clock.advance(2 * DAY);
    const erased = async () =>
      (await desk.store.em().find(Contact, { erasedAt: { $ne: null } })).map(({ id }) => id);

    await eraseOutdated(desk);
    expect(await erased()).toEqual([other.contactId]);
    const [queued] = await desk.store.em().findAll(Delivery);
    expect(queued).toMatchObject({ status: 'queued' });
    await claimDelivery(desk, queued!.id);
    await eraseOutdated(desk);
    expect(await erased()).toEqual([other.contactId]);
    await settleDelivery(desk, queued!.id, { kind: 'sent', externalId: '9:2' });
    await eraseOutdated(desk);

    expect(await desk.store.em().count(Contact, { erasedAt: null })).toBe(0);
    expect(await desk.store.em().count(Message)).toBe(0);
  });
});
