import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Contact } from '../../src/contract/contact.ts';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { tellPlaces } from '../../src/desk/tell-places.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { Problem } from '../../src/problem.ts';
import type { FeedEvent } from '../../src/store/feed.ts';
import {
  admin,
  type Database,
  databases,
  everythingTold,
  hasOperator,
  hasSource,
  opens,
  openTestDesk,
  stoppedClock,
} from '../support/desk.ts';
import { anOperation, type Operation, perform, type Stage } from './model/operations.ts';
import { look } from './model/world.ts';

const MINUTES = 60_000;
const aStep = fc.record({ operation: anOperation, isLookedAt: fc.boolean() });

/** Somebody who waits, and what it was told of that since it does. */
type Waiting = { sourceId: SourceId; createdAt: string; id: ContactId; told: number[] };

/** Follows what was committed, and holds each telling against the queue of that moment. */
function replay(events: FeedEvent[]): { tellings: number; again: number } {
  const waiting = new Map<ContactId, Waiting>();
  let [tellings, again] = [0, 0];
  const placeOf = (one: Waiting): number =>
    [...waiting.values()].filter((other) => other.sourceId === one.sourceId && isBefore(other, one)).length +
    1;
  for (const { type, contactId, statusBefore, statusAfter, data } of events) {
    if (type.startsWith('contact.') && contactId !== null) {
      const { source_id: sourceId, created_at: createdAt } = data as Contact;
      if (statusAfter !== 'waiting') waiting.delete(contactId);
      else if (statusBefore !== 'waiting' && !waiting.has(contactId))
        waiting.set(contactId, { sourceId, createdAt, id: contactId, told: [] });
    } else if ('author' in data && data.author === 'bot') {
      const one = waiting.get(contactId!)!;
      const place = Number(data.text);
      expect(place).toBe(placeOf(one));
      expect(place).toBeLessThanOrEqual((one.told.at(-1) ?? Number.POSITIVE_INFINITY) / 2);
      if (one.told.length > 0) again += 1;
      one.told.push(place);
      tellings += 1;
    }
  }
  for (const one of waiting.values()) expect(placeOf(one)).toBeGreaterThan(one.told.at(-1)! / 2);
  return { tellings, again };
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id);
}

async function expectDoneOrRefused(verb: Promise<unknown> | undefined): Promise<void> {
  await verb?.catch((error: unknown) => {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
  });
}

async function play(
  database: Database,
  steps: { operation: Operation; isLookedAt: boolean }[],
): Promise<ReturnType<typeof replay>> {
  const clock = stoppedClock();
  await using desk = await openTestDesk(database, { clock });
  const sources: SourceId[] = [];
  for (const offerSeconds of [0, 120])
    sources.push(await hasSource(desk, { queueNotice: '{place}', reopenMinutes: 5, offerSeconds }));
  const operators: OperatorId[] = [];
  for (const maxLoad of [1, 1, 0])
    operators.push(await hasOperator(desk, { maxLoad, on: { [sources[0]!]: 1, [sources[1]!]: 1 } }));
  const stage: Stage = { desk, clock, sources, operators, lead: 'lead' };
  const tellAll = async () => {
    for (const source of sources) await tellPlaces(desk, source);
  };

  // A queue that moves has to be there first.
  for (let n = 0; n < 16; n++) await opens(desk, sources[n % 2]!, `early ${n}`);
  await tellAll();
  for (const { operation, isLookedAt } of steps) {
    await expectDoneOrRefused(perform(stage, await look(desk, sources, operators), operation));
    await desk.drains.idle();
    if (isLookedAt) await tellAll();
  }
  for (const source of sources) await updateSource(desk, admin, String(source), { is_active: true });
  await desk.drains.idle();
  await tellAll();
  return replay(await everythingTold(desk));
}

describe.each(databases)('on %s', (database) => {
  test(
    'whatever happens, each place that is told is true, at most half of the one before, and told to all who wait',
    async () => {
      let [tellings, again] = [0, 0];

      await fc.assert(
        fc.asyncProperty(fc.array(aStep, { minLength: 70, maxLength: 70 }), async (steps) => {
          const played = await play(database, steps);
          tellings += played.tellings;
          again += played.again;
        }),
        { seed: 20_261_121, numRuns: 6, endOnFailure: true },
      );

      expect(tellings).toBeGreaterThan(150);
      expect(again).toBeGreaterThan(30);
    },
    2 * MINUTES,
  );
});
