import { describe, expect, test } from 'vitest';
import { receiveTelegramUpdate } from '../../src/bots/telegram/receive.ts';
import type { LeadId, SourceId } from '../../src/contract/ids.ts';
import type { HookMapping } from '../../src/contract/source.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { keepDeadLetter } from '../../src/desk/dead-letters.ts';
import { eraseLead } from '../../src/desk/erase-lead.ts';
import { exportLead } from '../../src/desk/export-lead.ts';
import { eraseOutdated } from '../../src/desk/retention.ts';
import { updateLead } from '../../src/desk/update-lead.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import type { Channel } from '../../src/desk/channels.ts';
import { DeadLetter } from '../../src/store/entities/dead-letter.ts';
import { Source } from '../../src/store/entities/source.ts';
import {
  admin,
  databases,
  hasSource,
  openTestDesk,
  stoppedClock,
  type TestDesk,
  writes,
} from '../support/desk.ts';
import { placesOf } from '../support/whole-database.ts';

const DAY = 24 * 3_600_000;
const person = { id: 777_001, is_bot: false, first_name: 'Canary' };
const chat = { id: 777_001, type: 'private' };
let updates = 0;

/** An update that the gateway does not understand. */
function reacts(desk: TestDesk, id: SourceId, words: object): Promise<void> {
  const update = { update_id: ++updates, message_reaction: words };
  return receiveTelegramUpdate(desk, { id } as Channel, update, null);
}

function lettersIn(desk: TestDesk): Promise<DeadLetter[]> {
  return desk.store.em().find(DeadLetter, {}, { orderBy: { id: 'asc' } });
}

async function exported(
  desk: TestDesk,
  id: LeadId,
): Promise<{ dead_letters: unknown[]; other_external_ids: string[] }> {
  const pieces: string[] = [];
  for await (const piece of await exportLead(desk, admin, id)) pieces.push(piece);
  return JSON.parse(pieces.join(''));
}

async function isMapped(desk: TestDesk, id: SourceId, mapping: HookMapping): Promise<void> {
  await desk.store.write((tx) => tx.em.nativeUpdate(Source, { id }, { mapping }));
}

describe.each(databases)('on %s', (database) => {
  test('what a person sent to another bot is handed out and erased too', async () => {
    await using desk = await openTestDesk(database);
    const [bot, other] = [
      await hasSource(desk, { kind: 'telegram' }),
      await hasSource(desk, { kind: 'telegram' }),
    ];
    const { leadId } = await writes(desk, bot, 'tg:777001', { chat: '777001' });
    await reacts(desk, other, { user: person, chat, text: 'secret words' });
    await reacts(desk, other, { from: person, text: 'secret words' });
    const poison = { sourceId: other, lead: { externalId: 'tg:777001' }, text: 'secret words' };
    for (const raw of [poison, 'it was cut: secret words of 777001'])
      await keepDeadLetter(desk, { sourceId: other, externalId: null, reason: 'x', raw });

    expect((await exported(desk, leadId!)).dead_letters).toHaveLength(4);
    await eraseLead(desk, admin, leadId!);

    expect(await placesOf(desk, '777001')).toEqual([]);
    expect(await placesOf(desk, 'secret words')).toEqual([]);
  });

  test('also where its contact with the bot was erased before', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const [bot, site] = [await hasSource(desk, { kind: 'telegram' }), await hasSource(desk)];
    await updateSource(desk, admin, String(bot), { retention_days: 7 });
    const { contactId, leadId } = await writes(desk, bot, 'tg:777001', { chat: '777001' });
    await writes(desk, site, 'tg:777001');
    await closeContact(desk, admin, contactId!, {});
    clock.advance(6 * DAY);
    await reacts(desk, bot, { user: person, text: 'secret words' });
    clock.advance(2 * DAY);
    await eraseOutdated(desk);

    await eraseLead(desk, admin, leadId!);

    expect(await placesOf(desk, '777001')).toEqual([]);
  });

  test('also under an id that it had before, unless that is of another lead by now', async () => {
    await using desk = await openTestDesk(database);
    const site = await hasSource(desk, { kind: 'webhook' });
    const leads = [await writes(desk, site, 'old-ann'), await writes(desk, site, 'old-ben')];
    for (const name of ['old-ann', 'old-ben'])
      await keepDeadLetter(desk, {
        sourceId: site,
        externalId: null,
        reason: 'x',
        raw: { external_id: name },
      });
    for (const { leadId } of leads) await updateLead(desk, admin, leadId!, { external_id: `new-${leadId}` });
    const successor = await writes(desk, site, 'old-ben');

    expect(await exported(desk, leads[0]!.leadId!)).toMatchObject({
      other_external_ids: ['old-ann'],
      dead_letters: [{ raw: { external_id: 'old-ann' } }],
    });
    for (const { leadId } of leads) await eraseLead(desk, admin, leadId!);

    expect(await placesOf(desk, 'old-ann')).toEqual([]);
    expect((await lettersIn(desk)).map(({ raw }) => raw)).toEqual([{ external_id: 'old-ben' }]);
    await eraseLead(desk, admin, successor.leadId!);
    expect(await placesOf(desk, 'old-ben')).toEqual([]);
  });

  test('a letter of somebody else stays, whatever stands in it', async () => {
    await using desk = await openTestDesk(database);
    const [bot, site] = [
      await hasSource(desk, { kind: 'telegram' }),
      await hasSource(desk, { kind: 'webhook' }),
    ];
    const mapped = await hasSource(desk, { kind: 'webhook' });
    await isMapped(desk, mapped, { external_id: '/who/id' });
    const of = (sourceId: SourceId, raw: unknown, externalId: string | null = null) =>
      keepDeadLetter(desk, { sourceId, externalId, reason: 'x', raw });
    await reacts(desk, bot, {
      message_id: 42,
      user: { id: 5 },
      chat: { id: 5, type: 'private' },
      text: '42',
    });
    await of(bot, { message: { from: { id: 5 }, reply_to_message: { from: { id: 42 } } } });
    await of(bot, 'from 5, about a42 and 42-1', '421:1');
    await of(site, { external_id: '5', text: '42', name: 'private', lead: { externalId: 'a' } }, '42:1');
    await of(site, '{"who":"another person of x42@example.com and 42-7 private-a');
    await of(mapped, { external_id: '42', who: { id: '5' } });
    const before = (await lettersIn(desk)).length;
    for (const name of ['42', 'private', 'a', 'tg:42']) {
      const { leadId } = await writes(desk, site, name);
      await eraseLead(desk, admin, leadId!);
    }

    expect(before).toBe(6);
    expect(await lettersIn(desk)).toHaveLength(before);
  });

  test('a letter is of whom its source names, in any type that it takes for a text', async () => {
    await using desk = await openTestDesk(database);
    const [site, mapped] = [
      await hasSource(desk, { kind: 'webhook' }),
      await hasSource(desk, { kind: 'webhook' }),
    ];
    await isMapped(desk, mapped, { external_id: '/who/id' });
    const of = (sourceId: SourceId, raw: unknown) =>
      keepDeadLetter(desk, { sourceId, externalId: null, reason: 'x', raw });
    await of(site, { external_id: true });
    await of(site, { sourceId: site, lead: { externalId: 'ann' } });
    await of(site, 'it was cut: {"external_id":"ann');
    await of(mapped, { who: { id: 42 } });

    for (const name of ['true', 'ann', '42']) {
      const { leadId } = await writes(desk, site, name);
      await eraseLead(desk, admin, leadId!);
    }

    expect(await lettersIn(desk)).toEqual([]);
  });
});
