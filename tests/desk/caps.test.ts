import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { reopenContact } from '../../src/desk/reopen-contact.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { Problem } from '../../src/problem.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  loadsOf,
  openTestDesk,
  opens,
  writes,
} from '../support/desk.ts';

const OPERATORS = 10;
const CAP = 5;

async function crew(desk: Desk, source: SourceId): Promise<OperatorId[]> {
  const ids: OperatorId[] = [];
  for (let n = 0; n < OPERATORS; n++)
    ids.push(await hasOperator(desk, { maxLoad: CAP, on: { [source]: 1 + n } }));
  return ids;
}

/** 500 arrivals at once: new leads and returning ones, by the API and by messages. */
function rush(desk: Desk, source: SourceId): Promise<unknown> {
  return Promise.all(
    Array.from({ length: 500 }, (_, n) =>
      n % 2 === 0
        ? opens(desk, source, `lead-${n % 150}`)
        : writes(desk, source, `lead-${n}`, { externalId: `${n}` }),
    ),
  );
}

async function expectExact(desk: Desk): Promise<void> {
  for (const { load, counted, maxLoad } of await loadsOf(desk)) {
    expect(load).toBe(counted);
    expect(load).toBeLessThanOrEqual(maxLoad);
  }
}

/** Runs a verb that may lose a race; only a refusal is expected then. */
async function attempt(verb: Promise<unknown>): Promise<void> {
  try {
    await verb;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

describe.each(databases)('on %s', (database) => {
  test('500 arrivals at once fill ten operators with a cap of five to exactly fifty', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    await crew(desk, source);

    await rush(desk, source);

    const em = desk.store.em();
    expect(await em.count(Contact, { status: 'assigned' })).toBe(OPERATORS * CAP);
    expect((await loadsOf(desk)).map(({ load }) => load)).toEqual(
      Array.from({ length: OPERATORS }, () => CAP),
    );
    await expectExact(desk);
  });

  test('caps stay exact while contacts are closed, taken and reopened and caps are raised under load', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const operators = await crew(desk, source);
    await rush(desk, source);
    const assigned = await idsOf(desk, 'assigned');
    const waiting = await idsOf(desk, 'waiting');

    await Promise.all([
      ...assigned.slice(0, 30).map((id) => closeContact(desk, admin, id, {})),
      ...waiting
        .slice(0, 60)
        .map((id, n) => attempt(takeContact(desk, actingAs(operators[n % OPERATORS]!), id))),
      ...operators.slice(0, 3).map((id) => updateOperator(desk, admin, id, { max_load: CAP + 2 })),
      ...Array.from({ length: 100 }, (_, n) => writes(desk, source, `late-${n}`)),
      ...assigned.slice(0, 30).map((id) => attempt(reopenContact(desk, admin, id, {}))),
    ]);

    await expectExact(desk);
    const loads = await loadsOf(desk);
    expect(loads.reduce((sum, { load }) => sum + load, 0)).toBe(OPERATORS * CAP + 3 * 2);
  });
});

async function idsOf(desk: Desk, status: 'assigned' | 'waiting'): Promise<ContactId[]> {
  const rows = await desk.store.em().find(Contact, { status }, { orderBy: { id: 'asc' } });
  return rows.map((row) => row.id);
}
