import { describe, expect, test } from 'vitest';
import type { ContactId, SourceId } from '../../src/contract/ids.ts';
import { EarlyEdit } from '../../src/store/entities/early-edit.ts';
import { LeadAlias } from '../../src/store/entities/lead-alias.ts';
import { Lead } from '../../src/store/entities/lead.ts';
import type { LeadRow, NewLead, Statements } from '../../src/store/dialect.ts';
import type { NewRow } from '../../src/store/shapes.ts';
import { databases, hasOperator, hasSource } from '../support/desk.ts';
import { type Ground, hasContact, hasLead, messageRow, noon, openGround, somebodyWaits } from './ground.ts';

const nobody = { name: null, phone: null, email: null, language: null };

async function isSaid(ground: Ground, sourceId: SourceId, contactId: ContactId, externalId: string) {
  return ground.store.write(async (tx) => {
    const row = await messageRow(tx, { contactId, sourceId, externalId });
    await tx.sql.insert({ message: [row] });
    return row.id;
  });
}

async function isOldNameOf(ground: Ground, externalId: string, lead: NewRow<'lead'>['id']) {
  await ground.store.write(async (tx) => {
    tx.em.create(LeadAlias, { externalId, lead });
    await tx.em.flush();
  });
}

function newLead(externalId: string, words: Partial<NewLead> = {}): NewLead {
  return { ...nobody, externalId, createdAt: noon, updatedAt: noon, ...words };
}

const byNumber = (a: number, b: number): number => a - b;
const byName = (leads: LeadRow[]): LeadRow[] =>
  leads.toSorted((a, b) => a.askedFor.localeCompare(b.askedFor));

describe.each(databases)('the statements about leads on %s', (database) => {
  test('a message that was seen is found by its source and its id there, with contact and lead', async () => {
    await using ground = await openGround(database);
    const [one, two] = [await hasSource(ground), await hasSource(ground)];
    const leadId = await hasLead(ground, 'ann');
    const contactId = await hasContact(ground, { leadId, sourceId: one });
    const messageId = await isSaid(ground, one, contactId, '7');
    const keys = [one, two].map((sourceId) => ({ sourceId, externalId: '7' }));

    const seen = await ground.store.write((tx) =>
      tx.sql.seenMessages([...keys, { sourceId: one, externalId: '8' }]),
    );

    expect(seen).toEqual([{ sourceId: one, externalId: '7', messageId, contactId, leadId }]);
  });

  test('an early edit is handed out once and is gone then', async () => {
    await using ground = await openGround(database);
    const sourceId = await hasSource(ground);
    await ground.store.write(async (tx) => {
      for (const externalId of ['1', '2'])
        tx.em.create(EarlyEdit, { sourceId, externalId, text: `edit ${externalId}`, editedAt: noon });
      await tx.em.flush();
    });
    const take = () =>
      ground.store.write((tx) =>
        tx.sql.takeEarlyEdits([
          { sourceId, externalId: '1' },
          { sourceId, externalId: '3' },
        ]),
      );

    const [first, second] = [await take(), await take()];

    expect(first).toEqual([{ sourceId, externalId: '1', text: 'edit 1', editedAt: noon.getTime() }]);
    expect(second).toEqual([]);
    expect(await ground.store.em().count(EarlyEdit)).toBe(1);
  });

  test('a used key is found with the contact it made, for its own credential alone', async () => {
    await using ground = await openGround(database);
    const leadId = await hasLead(ground, 'ann');
    const contactId = await hasContact(ground, { leadId, sourceId: await hasSource(ground) });
    const used = { credential: 'token:1', key: 'k', bodyHash: 'abc', contactId, createdAt: noon.getTime() };
    await ground.store.write((tx) =>
      tx.sql.insert({
        idempotency_key: [
          { credential: 'token:1', idempotencyKey: 'k', bodyHash: 'abc', contactId, createdAt: noon },
        ],
      }),
    );

    const found = await ground.store.write((tx) =>
      tx.sql.usedKeys([
        { credential: 'token:1', key: 'k' },
        { credential: 'token:2', key: 'k' },
      ]),
    );

    expect(found).toEqual([used]);
  });

  test('a lead is found by its own id and by that of a lead that was merged into it', async () => {
    await using ground = await openGround(database);
    const id = await hasLead(ground, 'Ann', { name: 'Ann' });
    await isOldNameOf(ground, 'anna', id);

    const leads = await ground.store.write((tx) => tx.sql.lockLeads(['anna', 'Ann', 'ann']));

    const ann = { ...nobody, id, externalId: 'Ann', name: 'Ann' };
    expect(leads).toHaveLength(2);
    expect(leads).toEqual(
      expect.arrayContaining([
        { ...ann, askedFor: 'Ann' },
        { ...ann, askedFor: 'anna' },
      ]),
    );
  });

  test('who is there is held as it is, by an old name too; only who is not there is made', async () => {
    await using ground = await openGround(database);
    const ann = await hasLead(ground, 'ann', { name: 'Ann' });
    await isOldNameOf(ground, 'anna', ann);

    const rows = ['bob', 'ann', 'anna'].map((externalId) => newLead(externalId, { name: 'New' }));
    const { leads, made } = await ground.store.write((tx) => tx.sql.holdLeads(rows));

    const held = { ...nobody, id: ann, externalId: 'ann', name: 'Ann' };
    const bob = { ...nobody, id: made[0]!, externalId: 'bob', name: 'New' };
    expect(made).toHaveLength(1);
    expect(byName(leads)).toEqual([
      { ...held, askedFor: 'ann' },
      { ...held, askedFor: 'anna' },
      { ...bob, askedFor: 'bob' },
    ]);
    const kept = await ground.store.em().find(Lead, {}, { orderBy: { externalId: 'asc' } });
    expect(kept).toMatchObject([
      { id: ann, externalId: 'ann', name: 'Ann' },
      { id: made[0], externalId: 'bob', name: 'New', createdAt: noon },
    ]);
  });

  test('writers that make the same leads at once make each of them one time', async () => {
    await using ground = await openGround(database);
    const names = ['ann', 'bob', 'cat'];
    const orders = [names, names.toReversed(), ['bob', 'cat', 'ann'], names];
    const holds = (order: string[]) =>
      ground.store.write((tx) => tx.sql.holdLeads(order.map((name) => newLead(name))));

    const answers = await Promise.all(orders.map(holds));

    const kept = await ground.store.em().find(Lead, {}, { orderBy: { externalId: 'asc' } });
    expect(kept.map((lead) => lead.externalId)).toEqual(names);
    expect(answers.flatMap(({ made }) => made).toSorted(byNumber)).toEqual(
      kept.map(({ id }) => id).toSorted(byNumber),
    );
    for (const { leads } of answers)
      expect(byName(leads).map(({ id }) => id)).toEqual(kept.map(({ id }) => id));
  });

  test('who is merged away while it is waited for is the other lead, and is not made again', async () => {
    await using ground = await openGround(database);
    const [ann, old] = [await hasLead(ground, 'ann'), await hasLead(ground, 'old')];
    let holding: ReturnType<Statements['holdLeads']> | undefined;

    await ground.store.write(async (tx) => {
      await tx.sql.lockLeads(['ann', 'old']);
      await tx.em.nativeDelete(Lead, { id: old });
      tx.em.create(LeadAlias, { externalId: 'old', lead: ann });
      await tx.em.flush();
      holding ??= ground.store.write((other) => other.sql.holdLeads([newLead('old')]));
      await somebodyWaits(ground);
    });

    expect(await holding).toEqual({
      leads: [{ ...nobody, id: ann, externalId: 'ann', askedFor: 'old' }],
      made: [],
    });
  });

  test('gaps of a lead are filled, what is known stays', async () => {
    await using ground = await openGround(database);
    const id = await hasLead(ground, 'ann', { name: 'Ann' });
    const at = new Date('2026-02-03T04:05:06.789Z');

    await ground.store.write((tx) => tx.sql.fillLeads([{ ...nobody, id, name: 'Other', phone: '+1', at }]));

    expect(await ground.store.em().findOneOrFail(Lead, { id })).toMatchObject({
      name: 'Ann',
      phone: '+1',
      email: null,
      createdAt: noon,
      updatedAt: at,
    });
  });

  test('the language of a lead follows what is said last, and stays where nothing is said', async () => {
    await using ground = await openGround(database);
    const ann = await hasLead(ground, 'ann', { language: 'en' });
    const bob = await hasLead(ground, 'bob', { language: 'en' });

    await ground.store.write((tx) =>
      tx.sql.fillLeads([
        { ...nobody, id: ann, language: 'pt-BR', at: noon },
        { ...nobody, id: ann, language: 'ru', at: noon },
        { ...nobody, id: ann, at: noon },
        { ...nobody, id: bob, at: noon },
      ]),
    );

    const found = await ground.store.write((tx) => tx.sql.lockLeads(['ann', 'bob']));
    expect(found).toMatchObject([
      { id: ann, language: 'ru' },
      { id: bob, language: 'en' },
    ]);
  });

  test('an old key that is dropped can be used again, and no other is', async () => {
    await using ground = await openGround(database);
    const leadId = await hasLead(ground, 'ann');
    const contactId = await hasContact(ground, { leadId, sourceId: await hasSource(ground) });
    const used = { credential: 'token:1', bodyHash: 'abc', contactId, createdAt: noon };
    const later = new Date(noon.getTime() + 1);
    const rows = ['a', 'b', 'c'].map((idempotencyKey) => ({ ...used, idempotencyKey }));
    rows[2]!.createdAt = later;
    const keys = ['a', 'b', 'c'].map((key) => ({ credential: 'token:1', key }));
    await ground.store.write((tx) => tx.sql.insert({ idempotency_key: rows }));

    const left = await ground.store.write(async (tx) => {
      await tx.sql.dropKeys([keys[0]!, { credential: 'token:2', key: 'b' }, keys[2]!], later);
      await tx.sql.insert({ idempotency_key: [{ ...rows[0]!, bodyHash: 'new' }] });
      return tx.sql.usedKeys(keys);
    });

    expect(Object.fromEntries(left.map(({ key, bodyHash }) => [key, bodyHash]))).toEqual({
      a: 'new',
      b: 'abc',
      c: 'abc',
    });
  });

  test('words about one lead that come under two of its names all count, the first first', async () => {
    await using ground = await openGround(database);
    const id = await hasLead(ground, 'ann');

    await ground.store.write((tx) =>
      tx.sql.fillLeads([
        { ...nobody, id, name: 'Ann', at: noon },
        { ...nobody, id, name: 'Anna', phone: '+1', at: noon },
        { ...nobody, id, email: 'ann@example.org', at: noon },
      ]),
    );

    expect(await ground.store.em().findOneOrFail(Lead, { id })).toMatchObject({
      name: 'Ann',
      phone: '+1',
      email: 'ann@example.org',
    });
  });

  test('of several open contacts of a lead on a source the newest is the one that goes on', async () => {
    await using ground = await openGround(database);
    const [sourceId, other] = [await hasSource(ground), await hasSource(ground)];
    const leadId = await hasLead(ground, 'ann');
    const operatorId = await hasOperator(ground);
    await hasContact(ground, { leadId, sourceId });
    const id = await hasContact(ground, { leadId, sourceId, status: 'assigned', operatorId });
    await hasContact(ground, { leadId, sourceId, status: 'closed' });
    await hasContact(ground, { leadId, sourceId: other, status: 'closed' });

    const open = await ground.store.write((tx) =>
      tx.sql.lockOpenContacts([
        { leadId, sourceId },
        { leadId, sourceId: other },
      ]),
    );

    expect(open).toEqual([{ id, leadId, sourceId, operatorId, status: 'assigned' }]);
  });

  test('who had a lead last on a source is who is named by its newest contact that names anybody', async () => {
    await using ground = await openGround(database);
    const [sourceId, other] = [await hasSource(ground), await hasSource(ground)];
    const leadId = await hasLead(ground, 'ann');
    const [ann, bob] = [await hasOperator(ground), await hasOperator(ground)];
    await hasContact(ground, { leadId, sourceId, status: 'closed', operatorId: ann });
    await hasContact(ground, { leadId, sourceId, status: 'closed', operatorId: bob });
    await hasContact(ground, { leadId, sourceId });

    const last = await ground.store.write((tx) =>
      tx.sql.lastOperators([
        { leadId, sourceId },
        { leadId, sourceId: other },
      ]),
    );

    expect(last).toEqual([{ leadId, sourceId, operatorId: bob }]);
  });
});
