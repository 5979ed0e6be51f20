import { describe, expect, test } from 'vitest';
import { ContactQuery } from '../../src/contract/contact.ts';
import { listContacts } from '../../src/desk/contacts.ts';
import { admin, databases, hasSource, openTestDesk, writes } from '../support/desk.ts';

describe.each(databases)('on %s', (database) => {
  test('contacts are found by their words and by who their lead is, and wildcards stand for themselves', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const found = async (q: string): Promise<(number | null)[]> =>
      (await listContacts(desk, admin, ContactQuery.parse({ q }))).items.map((contact) => contact.id);
    const anna = (await writes(desk, source, 'tg:77', { name: 'Anna', text: 'Price of 100% wool?' }))
      .contactId;
    const boris = (await writes(desk, source, 'tg:88', { name: 'Boris', text: 'Price of 100_ wool?' }))
      .contactId;

    expect(await found('anna')).toEqual([anna]);
    expect(await found('TG:88')).toEqual([boris]);
    expect(await found('100%')).toEqual([anna]);
    expect(await found('0_')).toEqual([boris]);
    expect(await found('price')).toEqual([boris, anna]);
    expect(await found('nobody')).toEqual([]);
  });
});
