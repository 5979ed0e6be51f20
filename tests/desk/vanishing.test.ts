import { describe, expect, test } from 'vitest';
import { getContact } from '../../src/desk/contacts.ts';
import { deleteOperator } from '../../src/desk/delete-operator.ts';
import { mergeLeads } from '../../src/desk/merge-leads.ts';
import { listWeights } from '../../src/desk/source-weights.ts';
import { admin, databases, hasOperator, hasSource, openTestDesk, opens } from '../support/desk.ts';

const TIMES = 40;

/** What came of reading again and again while something is taken away. */
async function readWhile(gone: Promise<unknown>, read: () => Promise<unknown>): Promise<string[]> {
  const reads = Array.from({ length: 5 }, () => read().then(() => 'read', String));
  await gone;
  return Promise.all(reads);
}

describe.each(databases)('on %s', (database) => {
  test('the weights of a source can be read while their operators are deleted', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const hire = () => hasOperator(desk, { on: { [source]: 1 } });
    const operators = await Promise.all(Array.from({ length: TIMES }, hire));

    const reads: string[] = [];
    for (const operator of operators)
      reads.push(
        ...(await readWhile(deleteOperator(desk, admin, operator), () =>
          listWeights(desk, admin, String(source)),
        )),
      );

    expect(new Set(reads)).toEqual(new Set(['read']));
  });

  test('a contact can be read while its lead is joined into another', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const { lead_id: into } = await opens(desk, source, 'one');

    const reads: string[] = [];
    for (let time = 0; time < TIMES; time++) {
      const { id, lead_id: from } = await opens(desk, source, `another-${time}`);
      reads.push(
        ...(await readWhile(mergeLeads(desk, admin, from, { into }), () => getContact(desk, admin, id))),
      );
    }

    expect(new Set(reads)).toEqual(new Set(['read']));
  });
});
