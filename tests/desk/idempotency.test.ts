import { describe, expect, test } from 'vitest';
import { ContactCreate } from '../../src/contract/contact.ts';
import { openContact } from '../../src/desk/open-contact.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { admin, databases, hasSource, openTestDesk, stoppedClock, type TestDesk } from '../support/desk.ts';

const DAYS = 24 * 3_600_000;

const opens = (desk: TestDesk, source_id: number, text: string) =>
  openContact(desk, admin, ContactCreate.parse({ external_id: 'ann', source_id, text }), 'key');

describe.each(databases)('on %s', (database) => {
  test('a key stands for its request for 7 days, and can be used again afterwards', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const source = await hasSource(desk);
    const first = await opens(desk, source, 'hello');

    clock.advance(7 * DAYS);
    const again = await opens(desk, source, 'hello');
    const other = opens(desk, source, 'another');
    await expect(other).rejects.toMatchObject({ code: 'idempotency-mismatch' });
    clock.advance(1);
    const later = await opens(desk, source, 'another');
    const repeated = await opens(desk, source, 'another');

    expect(again).toMatchObject({ created: false, contact: { id: first.contact.id } });
    expect(later.created).toBe(true);
    expect(later.contact.id).not.toBe(first.contact.id);
    expect(repeated).toMatchObject({ created: false, contact: { id: later.contact.id } });
  });

  test('of several who use an old key again at once one opens a contact', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    await using other =
      database === 'sqlite' ? null : await openTestDesk(database, { clock, url: desk.databaseUrl });
    const source = await hasSource(desk);
    await opens(desk, source, 'hello');
    clock.advance(8 * DAYS);

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => opens(n % 2 === 0 ? desk : (other ?? desk), source, 'hello')),
    );

    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ contact }) => contact.id)).size).toBe(1);
    expect(await desk.store.em().count(Contact)).toBe(2);
  });
});
