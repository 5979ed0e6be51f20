import { expect, test } from 'vitest';
import type { OperatorId, SourceId } from '../../src/contract/ids.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { Decision } from '../../src/store/entities/decision.ts';
import type { Write } from '../../src/store/write.ts';
import { resumeQueues } from '../../src/desk/resume-queues.ts';
import { setOperatorWeight } from '../../src/desk/set-operator-weight.ts';
import { commitBatch } from '../../src/desk/intake/commit-batch.ts';
import {
  admin,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  opens,
  stoppedClock,
  type TestDesk,
} from '../support/desk.ts';
import { withOthers } from '../support/with-others.ts';

/** Commits a message of somebody new; between its look at the operators and its writing, once, something happens. */
async function arrives(desk: TestDesk, sourceId: SourceId, meanwhile: () => Promise<unknown>): Promise<void> {
  let isSeen = false;
  const write: Write = (work) =>
    desk.store.write((tx) => {
      const outlook: typeof tx.sql.outlook = async (...asked) => {
        const seen = await tx.sql.outlook(...asked);
        if (!isSeen) await meanwhile();
        isSeen = true;
        return seen;
      };
      return work(withOthers(tx, { sql: { ...tx.sql, outlook } }));
    });
  const lead = { externalId: 'late', name: null, phone: null, email: null, language: null };
  const content = { text: 'hello', attachments: [], sentAt: null, replyTo: null, raw: null };
  const arrival = { sourceId, externalId: null, chat: null, lead, ...content };
  await commitBatch({ ...desk, store: { ...desk.store, write } }, [{ kind: 'message', arrival }]);
  expect(isSeen).toBe(true);
}

const change = (desk: TestDesk, id: OperatorId, what: string) =>
  desk.store.write((tx) => tx.em.execute(`update operator set ${what} where id = ?`, [id]));

async function statusOfLate(desk: TestDesk): Promise<string> {
  const contact = await desk.store.em().findOneOrFail(Contact, { lead: { externalId: 'late' } });
  return contact.status;
}

/** Whose contacts were given out, in the order of the decisions. */
async function givenOut(desk: TestDesk): Promise<string[]> {
  const populate = ['contact', 'contact.lead'] as const;
  const found = await desk.store
    .em()
    .find(Decision, { outcome: 'assigned' }, { populate, orderBy: { id: 'asc' } });
  return found.map(({ contact }) => contact.lead.externalId);
}

test.each(["availability = 'paused'", 'is_active = false', 'max_load = 0'])(
  'an arrival that was about to go to somebody who meanwhile takes nothing waits: %s',
  async (what) => {
    await using desk = await openTestDesk('postgresql');
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });

    await arrives(desk, source, () => change(desk, ann, what));

    expect(await statusOfLate(desk)).toBe('waiting');
    expect(await loadsOf(desk)).toMatchObject([{ load: 0, counted: 0 }]);
  },
);

test('an arrival that was about to go to somebody who has no weight any more waits', async () => {
  await using desk = await openTestDesk('postgresql');
  const source = await hasSource(desk);
  const ann = await hasOperator(desk, { on: { [source]: 1 } });

  await arrives(desk, source, () => setOperatorWeight(desk, admin, ann, { source_id: source, weight: 0 }));

  expect(await statusOfLate(desk)).toBe('waiting');
  expect(await loadsOf(desk)).toMatchObject([{ load: 0, counted: 0 }]);
});

test('of two that were about to take the last seat one gets it', async () => {
  await using desk = await openTestDesk('postgresql');
  const source = await hasSource(desk);
  await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });

  await arrives(desk, source, () => opens(desk, source, 'faster'));

  expect(await statusOfLate(desk)).toBe('waiting');
  expect(await loadsOf(desk)).toMatchObject([{ load: 1, counted: 1, maxLoad: 1 }]);
});

test('nobody overtakes who began to wait while the operators were waited for', async () => {
  const clock = stoppedClock();
  await using desk = await openTestDesk('postgresql', { clock });
  const source = await hasSource(desk, { strategy: 'smooth_weighted' });
  const ann = await hasOperator(desk, { maxLoad: 1, on: { [source]: 1 } });

  await arrives(desk, source, async () => {
    await opens(desk, source, 'faster');
    // Of another gateway, whose commit came first and whose clock says so.
    clock.advance(-1_000);
    await opens(desk, source, 'older');
    clock.advance(1_000);
    await change(desk, ann, 'max_load = 2');
  });
  await desk.drains.idle();

  const older = await desk.store.em().findOneOrFail(Contact, { lead: { externalId: 'older' } });
  expect([older.status, await statusOfLate(desk)]).toEqual(['assigned', 'waiting']);
});

test('decisions are counted as they were taken: who waited and is given out meanwhile comes first', async () => {
  await using desk = await openTestDesk('postgresql');
  const source = await hasSource(desk);
  const ann = await hasOperator(desk, { maxLoad: 0, on: { [source]: 1 } });
  await opens(desk, source, 'waiting');
  await change(desk, ann, 'max_load = 2');

  await arrives(desk, source, async () => {
    await resumeQueues(desk);
    await desk.drains.idle();
  });

  expect(await givenOut(desk)).toEqual(['waiting', 'late']);
});

test('decisions are counted as they were taken: so are those of a strategy that goes by what it chose', async () => {
  await using desk = await openTestDesk('postgresql');
  const source = await hasSource(desk, { strategy: 'smooth_weighted' });
  await hasOperator(desk, { on: { [source]: 1 } });

  await arrives(desk, source, () => opens(desk, source, 'faster'));

  expect(await givenOut(desk)).toEqual(['faster', 'late']);
});
