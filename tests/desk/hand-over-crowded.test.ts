import { describe, expect, test } from 'vitest';
import type { ContactId } from '../../src/contract/ids.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { getContact } from '../../src/desk/contacts.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { admin, hasOperator, hasSource, loadsOf, movesOf, opens } from '../support/desk.ts';
import { come, handsOver, openSlowDesk, unsound } from './handing.ts';

const leaving = { is_active: false, open_contacts: 'hand_over' as const };

describe('while others work on the same PostgreSQL', () => {
  test('every contact has one operator, and no cap is exceeded', async () => {
    await using desk = await openSlowDesk('postgresql');
    await using other = await openSlowDesk('postgresql', desk.databaseUrl);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 40, on: { [source]: 1 } });
    const ids = await come(desk, source, 40);
    const [bob, cas] = [
      await hasOperator(desk, { maxLoad: 15, on: { [source]: 1 } }),
      await hasOperator(desk, { maxLoad: 12, on: { [source]: 1 } }),
    ];

    const [plan] = await Promise.all([
      updateOperator(desk, admin, ann, leaving),
      ...ids.slice(0, 6).map((id) => closeContact(other, admin, id, {})),
      ...ids
        .slice(6, 10)
        .map((id) => assignContact(other, admin, id, { operator_id: bob }).catch(ignoreProblem)),
      ...Array.from({ length: 8 }, (_, n) => opens(other, source, `new ${n}`)),
      handsOver(other, cas),
    ]);
    await Promise.all([desk.drains.idle(), other.drains.idle()]);

    expect(plan).toMatchObject({ is_active: false });
    expect(await unsound(desk)).toEqual([]);
    expect(await loadsOf(desk)).toMatchObject([
      { id: ann, load: 0 },
      { id: bob, load: 15 },
      { id: cas, load: 12 },
    ]);
    const open = [...ids.slice(6), ...(await newIds(desk, ids))];
    for (const id of open) {
      const { status, operator_id: operator } = await getContact(desk, admin, id);
      expect(operator === null).toBe(status === 'waiting');
    }
  });

  test('of two who hand over the same, each contact is handed over once', async () => {
    await using desk = await openSlowDesk('postgresql');
    await using other = await openSlowDesk('postgresql', desk.databaseUrl);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 40, on: { [source]: 1 } });
    const ids = await come(desk, source, 20);
    await hasOperator(desk, { maxLoad: 40, on: { [source]: 1 } });

    const plans = await Promise.all([handsOver(desk, ann), handsOver(other, ann)]);

    expect(plans.map(({ handed_over: count }) => count).toSorted((a, b) => a - b)).toEqual([0, 20]);
    for (const id of ids) expect((await movesOf(desk, id)).length).toBe(3);
    expect(await unsound(desk)).toEqual([]);
  });

  test('the shares of smooth_weighted hold across a hand-over and arrivals elsewhere', async () => {
    await using desk = await openSlowDesk('postgresql');
    await using other = await openSlowDesk('postgresql', desk.databaseUrl);
    const source = await hasSource(desk, { strategy: 'smooth_weighted' });
    const ann = await hasOperator(desk, { maxLoad: 100, on: { [source]: 1 } });
    await come(desk, source, 30);
    await updateOperator(desk, admin, ann, { availability: 'paused' });
    await updateSource(desk, admin, String(source), { strategy: 'least_loaded' });
    await updateSource(desk, admin, String(source), { strategy: 'smooth_weighted' });
    const bob = await hasOperator(desk, { maxLoad: 100, on: { [source]: 1 } });
    const cas = await hasOperator(desk, { maxLoad: 100, on: { [source]: 3 } });

    await Promise.all([
      handsOver(desk, ann),
      ...Array.from({ length: 10 }, (_, n) => opens(other, source, `new ${n}`)),
    ]);

    expect(await loadsOf(desk)).toMatchObject([
      { id: ann, load: 0 },
      { id: bob, load: 10 },
      { id: cas, load: 30 },
    ]);
  });
});

function ignoreProblem(error: unknown): void {
  expect(error).toHaveProperty('code');
}

async function newIds(desk: Desk, known: readonly ContactId[]): Promise<ContactId[]> {
  const rows = await desk.store.em().execute<{ id: number | string }[]>('select id from contact');
  return rows.map(({ id }) => Number(id) as ContactId).filter((id) => !known.includes(id));
}
