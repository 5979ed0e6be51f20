import { describe, expect, test } from 'vitest';
import type { OperatorId } from '../../src/contract/ids.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { Message } from '../../src/store/entities/message.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import { databases, hasOperator, hasSource } from '../support/desk.ts';
import { type Ground, hasContact, hasLead, messageRow, openGround } from './ground.ts';

/** Says something in a contact and raises an operator's load, as the last thing of a transaction. */
async function saysAndRaises(ground: Ground, text: string, operatorId: OperatorId): Promise<void> {
  const sourceId = await hasSource(ground);
  const contactId = await hasContact(ground, { sourceId, leadId: await hasLead(ground, text) });
  await ground.store.write(async (tx) => {
    const message = [{ ...(await messageRow(tx, { contactId, sourceId })), text }];
    const loads = () => new Map([[operatorId, 1]]);
    tx.atEnd({ rows: { message }, loads, unmoved: () => new Error('there is no seat') });
  });
}

async function told({ store }: Ground): Promise<(string | null)[]> {
  return (await store.em().find(Message, {})).map((message) => message.text);
}

describe.each(databases)('the end of a transaction on %s', (database) => {
  test('is committed as a whole', async () => {
    await using ground = await openGround(database);
    const operatorId = await hasOperator(ground, { maxLoad: 2, load: 1 });

    await saysAndRaises(ground, 'hello', operatorId);

    expect(await told(ground)).toEqual(['hello']);
    expect(await ground.store.em().find(Operator, {})).toMatchObject([{ load: 2 }]);
  });

  test.each([
    ['is at its cap', { maxLoad: 1, load: 1 }],
    ['has gone meanwhile', { isActive: false }],
    ['is paused meanwhile', { availability: 'paused' }],
  ] as const)(
    'leaves nothing behind where the operator %s, and the next one goes well',
    async (_, traits) => {
      await using ground = await openGround(database);
      const refused = await hasOperator(ground, traits);
      const free = await hasOperator(ground);

      const saying = saysAndRaises(ground, 'lost', refused);
      await expect(saying).rejects.toThrow('there is no seat');
      expect(await told(ground)).toEqual([]);
      await saysAndRaises(ground, 'kept', free);

      expect(await told(ground)).toEqual(['kept']);
      expect(await ground.store.em().find(Operator, {}, { orderBy: { id: 'asc' } })).toMatchObject([
        { load: 'load' in traits ? traits.load : 0 },
        { load: 1 },
      ]);
    },
  );

  test('that cannot even be sent commits nothing of what came before it', async () => {
    await using ground = await openGround(database);
    const sourceId = await hasSource(ground);
    const contactId = await hasContact(ground, { sourceId, leadId: await hasLead(ground, 'lead') });
    const tooLong = {
      toJSON: () => {
        throw new RangeError('Invalid string length');
      },
    } as unknown as string;

    const saying = ground.store.write(async (tx) => {
      await tx.em.nativeUpdate(Contact, { id: contactId }, { status: 'closed' });
      const message = { ...(await messageRow(tx, { contactId, sourceId })), text: tooLong };
      tx.atEnd({ rows: { message: [message] } });
    });

    await expect(saying).rejects.toThrow();
    expect(await ground.store.em().findOneOrFail(Contact, { id: contactId })).toMatchObject({
      status: 'waiting',
    });
  });

  test('that breaks a rule of the database leaves nothing behind either', async () => {
    await using ground = await openGround(database);
    const sourceId = await hasSource(ground);
    const contactId = await hasContact(ground, { sourceId, leadId: await hasLead(ground, 'lead') });

    const saying = ground.store.write(async (tx) => {
      const one = { ...(await messageRow(tx, { contactId, sourceId })), externalId: 'twice' };
      const other = { ...(await messageRow(tx, { contactId, sourceId })), externalId: 'twice' };
      tx.atEnd({ rows: { message: [one, other] } });
    });

    await expect(saying).rejects.toThrow();
    expect(await told(ground)).toEqual([]);
  });
});
