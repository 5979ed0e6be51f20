import { describe, expect, test } from 'vitest';
import type { LeadId, SourceId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listTrail } from '../../src/desk/contact-history.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { eraseLead } from '../../src/desk/erase-lead.ts';
import { invariants } from '../../src/desk/invariants.ts';
import { eraseOutdated } from '../../src/desk/retention.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import {
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  opens,
  stoppedClock,
  type TestDesk,
  writes,
} from '../support/desk.ts';
import { placesOf } from '../support/whole-database.ts';

const DAY = 24 * 3_600_000;

/** A lead with 45 open contacts, of which 30 have an operator, and somebody else who waits behind them. */
async function crowd(desk: TestDesk): Promise<{ source: SourceId; leadId: LeadId }> {
  const source = await hasSource(desk);
  await hasOperator(desk, { maxLoad: 30, on: { [source]: 1 } });
  const contacts = [];
  for (let n = 0; n < 45; n++) contacts.push(await opens(desk, source, 'canary'));
  await opens(desk, source, 'ben');
  await desk.drains.idle();
  return { source, leadId: contacts[0]!.lead_id };
}

async function expectOrder(desk: TestDesk, leadId: LeadId): Promise<void> {
  await desk.drains.idle();
  const contacts = await desk.store.em().find(Contact, { lead: leadId }, { populate: ['lead'] });
  expect(contacts).toHaveLength(45);
  expect(
    contacts.every(
      ({ status, erasedAt, closeReason, lead }) =>
        status === 'closed' && closeReason === 'erased' && erasedAt! > lead.erasedAt!,
    ),
  ).toBe(true);
  expect(await desk.store.em().count(Contact, { status: 'assigned' })).toBe(1);
  expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1 }]);
  const { checks } = await invariants(desk, admin, async () => {});
  expect(checks.filter(({ breaches }) => breaches > 0)).toEqual([]);
  const trail = await listTrail(desk, admin, contacts[40]!.id, { limit: 200 });
  expect(trail.items.slice(0, 2)).toMatchObject([
    { type: 'contact.updated', reason: 'erased' },
    { type: 'contact.closed', reason: 'erased' },
  ]);
  expect(await placesOf(desk, 'canary')).toEqual([]);
}

describe.each(databases)('on %s', (database) => {
  test('all open contacts of an erased lead close, and their seats are free for who waits', async () => {
    await using desk = await openTestDesk(database);
    const { leadId } = await crowd(desk);

    await eraseLead(desk, admin, leadId);

    await expectOrder(desk, leadId);
  });

  test('a crash between the commits leaves nothing that the sweeper does not close and erase', async () => {
    await using desk = await openTestDesk(database);
    const { leadId } = await crowd(desk);
    let commits = 0;
    const failing: Desk = {
      ...desk,
      store: {
        ...desk.store,
        write(work) {
          if (++commits > 2) throw new Error('the power is gone');
          return desk.store.write(work);
        },
      },
    };
    await expect(eraseLead(failing, admin, leadId)).rejects.toThrow('the power is gone');
    const open = await desk.store.em().count(Contact, { lead: leadId, status: { $ne: 'closed' } });
    expect(open).toBeGreaterThan(0);
    expect(open).toBeLessThan(45);
    expect((await loadsOf(desk)).every(({ load, counted }) => load === counted)).toBe(true);

    await Promise.all([eraseOutdated(desk), eraseOutdated(desk)]);

    await expectOrder(desk, leadId);
  });

  test('a clock that was set back between a retention and an erasure leaves no name', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const [short, long] = [await hasSource(desk), await hasSource(desk)];
    await updateSource(desk, admin, String(short), { retention_days: 1 });
    const { contactId, leadId } = await writes(desk, short, 'canary', { name: 'Canary' });
    await writes(desk, long, 'canary');
    await closeContact(desk, admin, contactId!, {});
    clock.advance(2 * DAY);
    await eraseOutdated(desk);
    clock.advance(-DAY / 24);

    await eraseLead(desk, admin, leadId!);

    expect(await placesOf(desk, 'canary')).toEqual([]);
    expect(await placesOf(desk, 'Canary')).toEqual([]);
  });
});

test('one commit closes a few contacts only: the event loop waits for each on sqlite', async () => {
  await using desk = await openTestDesk('sqlite');
  const { leadId } = await crowd(desk);
  const closed: number[] = [];
  desk.store.feed.subscribe((events) => {
    closed.push(events.filter(({ type }) => type === 'contact.closed').length);
  });

  await eraseLead(desk, admin, leadId);

  expect(Math.max(...closed)).toBe(20);
  expect(closed.reduce((sum, many) => sum + many)).toBe(45);
});
