import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { databases, openTestDesk, stoppedClock, type TestDesk } from '../support/desk.ts';
import { accountsOf } from './account.ts';
import { faultsOfStep, faultsOfWorld } from './model/laws.ts';
import { gone, mutants } from './model/mutants.ts';
import { anOperation, type Operation } from './model/operations.ts';
import { emptyTally, play } from './model/play.ts';
import type { World } from './model/world.ts';

const MINUTES = 60_000;

// What fails is told with its seed and its path: both repeat it.
const forms = {
  lone: { seed: 20_260_101, numRuns: 28, endOnFailure: true },
  crowded: { seed: 20_260_102, numRuns: 12, endOnFailure: true },
};

function inRuns(length: number, holds: (operations: Operation[]) => Promise<void>) {
  return fc.asyncProperty(fc.array(anOperation, { minLength: length, maxLength: length }), holds);
}

/** Whatever happened, each operator's contacts are accounted for, and there are as many as it has. */
async function expectAccounts(desk: TestDesk): Promise<void> {
  const items = await accountsOf(desk);
  const counts = items.flatMap((item) => item.operators).map(({ count }) => count);
  const held = await desk.store.em().count(Contact, { operator: { $ne: null } });
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(held);
  expect(items.reduce((sum, { total }) => sum + total, 0)).toBe(await desk.store.em().count(Contact));
}

describe.each(databases)('on %s', (database) => {
  test(
    'the laws of the desk hold after every one of more than a thousand operations',
    async () => {
      const clock = stoppedClock();
      await using desk = await openTestDesk(database, { clock });
      const tally = emptyTally();

      await fc.assert(
        inRuns(50, (operations) => play({ ...desk, clock }, operations, { width: 1, tally })),
        forms.lone,
      );

      expect(tally.done).toBeGreaterThan(1000);
      expect(tally.given).toBeGreaterThan(200);
      await expectAccounts(desk);
    },
    2 * MINUTES,
  );

  test(
    'the laws of the desk hold after every eight operations at once',
    async () => {
      const clock = stoppedClock();
      await using desk = await openTestDesk(database, { clock });
      const tally = emptyTally();

      await fc.assert(
        inRuns(80, (operations) => play({ ...desk, clock }, operations, { width: 8, tally })),
        forms.crowded,
      );

      expect(tally.done).toBeGreaterThan(700);
      expect(tally.given).toBeGreaterThan(60);
      await expectAccounts(desk);
    },
    2 * MINUTES,
  );
});

describe('the laws find out a desk that', () => {
  test.each(mutants)('%s', async (_, wrong, says) => {
    const clock = stoppedClock();
    await using desk = await openTestDesk('sqlite', { clock });
    const tally = emptyTally();

    const outcome = await fc.check(
      inRuns(50, (operations) => play({ ...gone(desk, wrong), clock }, operations, { width: 1, tally })),
      forms.lone,
    );

    expect(String(outcome.errorInstance)).toMatch(says);
  });

  test('leaves a contact undecided, or with two minds about who has it', () => {
    const contact = {
      sourceId: 1 as SourceId,
      createdAt: 0,
      releasedBy: null,
      releasedAt: null,
      declined: [],
    };
    const empty: World = { now: 0, operators: [], sources: [], weights: [], contacts: [] };
    const world: World = {
      ...empty,
      contacts: [
        { ...contact, id: 1 as ContactId, status: 'waiting', operatorId: 7 as OperatorId },
        { ...contact, id: 2 as ContactId, status: 'assigned', operatorId: null },
      ],
    };

    expect(faultsOfWorld(world)).toEqual([
      'contact 1 is waiting with operator 7',
      'contact 2 is assigned with operator null',
    ]);
    expect(
      faultsOfStep({ before: empty, after: world, decisions: [], caps: new Map(), leaver: null }),
    ).toEqual(['contact 1 has no decision', 'contact 2 has no decision']);
  });
});
