import { describe, expect, test } from 'vitest';
import { Contact } from '../../src/store/entities/contact.ts';
import { Decision } from '../../src/store/entities/decision.ts';
import { Lead } from '../../src/store/entities/lead.ts';
import { Message } from '../../src/store/entities/message.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import type { NewRow } from '../../src/store/shapes.ts';
import { databases, hasOperator, hasSource } from '../support/desk.ts';
import { hasContact, hasLead, messageRow, noon, openGround } from './ground.ts';

const at = new Date('2026-02-03T04:05:06.789Z');
const everySign = `' " \\ ; -- \u{1F600} \u202E ЗАЯВКА \n\t`;

describe.each(databases)('the statements about rows on %s', (database) => {
  test('what is inserted comes back as it was', async () => {
    await using ground = await openGround(database);
    const sourceId = await hasSource(ground);
    const operatorId = await hasOperator(ground);
    const leadId = await hasLead(ground, everySign, { name: everySign });
    const contact = {
      leadId,
      sourceId,
      operatorId,
      status: 'assigned' as const,
      text: everySign,
      byMessage: true,
      chat: '-1009999999999',
      attempt: 3,
      lastAuthor: 'lead' as const,
      lastText: everySign,
      lastAt: at,
      createdAt: noon,
      assignedAt: at,
      version: 4,
    };
    const contactId = await hasContact(ground, contact);
    const said = {
      text: everySign,
      attachments: [
        { kind: 'photo', supported: false, name: everySign, mime_type: null, size: 5, url: null },
      ],
      externalId: '1:2',
      raw: { deep: [1, null, everySign] },
      sentAt: at,
      editedAt: at,
    };

    await ground.store.write(async (tx) =>
      tx.sql.insert({
        message: [
          await messageRow(tx, { contactId, sourceId, ...said }),
          { ...(await messageRow(tx, { contactId, sourceId })), text: 'plain' },
        ],
      }),
    );

    const em = ground.store.em();
    const { leadId: lead, sourceId: source, operatorId: operator, ...plain } = contact;
    expect(await em.findOneOrFail(Lead, { id: leadId })).toMatchObject({ externalId: everySign });
    expect(await em.findOneOrFail(Contact, { id: contactId })).toMatchObject({
      ...plain,
      lead: { id: lead },
      source: { id: source },
      operator: { id: operator },
    });
    const messages = await em.find(Message, {}, { orderBy: { id: 'asc' } });
    expect(messages[0]).toMatchObject({ ...said, sourceId, author: 'lead', status: null });
    expect(messages[1]).toMatchObject({ text: 'plain', attachments: [], raw: null, externalId: null });
  });

  test('a decision comes back as it was, with weights beyond 32 bits', async () => {
    await using ground = await openGround(database);
    const leadId = await hasLead(ground, 'ann');
    const contactId = await hasContact(ground, { leadId, sourceId: await hasSource(ground) });
    const operatorId = await hasOperator(ground);
    const decision = {
      at,
      strategy: 'weighted_random',
      rule: 'prefer_last',
      outcome: 'assigned',
      operatorId,
      refused: { 'at-cap': 2, paused: 1 },
      candidateCount: 4,
      candidates: [
        {
          operator_id: operatorId,
          weight: 1_000_000,
          load: 0,
          max_load: 1,
          eligible: true,
          reason: null,
          weight_before: 9_999_000_000,
        },
      ],
      totalWeight: 10_000_000_000,
      draw: 9_999_999_999,
      turn: 0.1 + 0.2,
      runnerUp: null,
      situation: '.',
      configVersion: 7,
    } satisfies Partial<NewRow<'decision'>>;

    await ground.store.write(async (tx) => {
      const id = (await tx.sql.reserveIds({ decision: 1 })).decision[0]!;
      await tx.sql.insert({ decision: [{ id, contactId, triggerKind: 'requeued', ...decision }] });
    });

    expect(await ground.store.em().findOneOrFail(Decision, { contact: contactId })).toMatchObject({
      ...decision,
      trigger: 'requeued',
    });
  });

  test('an id is given once: in one transaction, after it, and beside what MikroORM inserts', async () => {
    await using ground = await openGround(database);

    const ids = await ground.store.write(async (tx) => {
      const first = await tx.sql.reserveIds({ lead: 2, contact: 1 });
      const second = await tx.sql.reserveIds({ lead: 1 });
      const made = tx.em.create(Lead, { externalId: 'by MikroORM', createdAt: noon, updatedAt: noon });
      await tx.em.flush();
      return [...first.lead, ...second.lead, made.id];
    });
    const later = await hasLead(ground, 'later');

    expect(new Set([...ids, later]).size).toBe(5);
  });

  test('the id of a row that was deleted is not given again', async () => {
    await using ground = await openGround(database);
    const id = await hasLead(ground, 'ann');
    await ground.store.write((tx) => tx.em.nativeDelete(Lead, { id }));

    expect(await hasLead(ground, 'bob')).toBeGreaterThan(id);
  });

  test('writers at the same time reserve different ids', async () => {
    await using ground = await openGround(database);

    const reserved = await Promise.all(
      Array.from({ length: 8 }, () =>
        ground.store.write(async (tx) => (await tx.sql.reserveIds({ message: 25 })).message),
      ),
    );

    expect(new Set(reserved.flat()).size).toBe(200);
  });

  test('the newest words of a contact are noted; its chat stays where none is named', async () => {
    await using ground = await openGround(database);
    const leadId = await hasLead(ground, 'ann');
    const sourceId = await hasSource(ground);
    const one = await hasContact(ground, { leadId, sourceId, chat: 'old' });
    const two = await hasContact(ground, { leadId, sourceId, chat: 'old' });

    await ground.store.write((tx) =>
      tx.sql.noteLastWords([
        { contactId: one, text: 'hi', author: 'lead', at, chat: null },
        { contactId: two, text: everySign, author: 'lead', at, chat: 'new' },
      ]),
    );

    const contacts = await ground.store.em().find(Contact, {}, { orderBy: { id: 'asc' } });
    expect(contacts).toMatchObject([
      { lastText: 'hi', lastAuthor: 'lead', lastAt: at, chat: 'old' },
      { lastText: everySign, lastAuthor: 'lead', lastAt: at, chat: 'new' },
    ]);
  });

  test('a contact that is locked is changed by one writer after the other', async () => {
    await using ground = await openGround(database);
    const leadId = await hasLead(ground, 'ann');
    const id = await hasContact(ground, { leadId, sourceId: await hasSource(ground) });

    await Promise.all(
      Array.from({ length: 10 }, () =>
        ground.store.write(async (tx) => {
          await tx.sql.lockContacts([id]);
          const { version } = await tx.em.findOneOrFail(Contact, { id });
          await tx.em.nativeUpdate(Contact, { id }, { version: version + 1 });
        }),
      ),
    );

    expect(await ground.store.em().findOneOrFail(Contact, { id })).toMatchObject({ version: 11 });
  });

  test('operators whose facts were asked for are changed by one writer after the other', async () => {
    await using ground = await openGround(database);
    const operators = [await hasOperator(ground), await hasOperator(ground)];

    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        ground.store.write(async (tx) => {
          // Named in either order: the locks are taken by id, so nobody waits in a circle.
          const named = n % 2 === 0 ? operators : operators.toReversed();
          const { operators: facts } = await tx.sql.routingFacts([], named);
          for (const { id, load } of facts) await tx.em.nativeUpdate(Operator, { id }, { load: load + 1 });
        }),
      ),
    );

    const after = await ground.store.em().find(Operator, {});
    expect(after.map(({ load }) => load)).toEqual([10, 10]);
  });

  test('every statement takes nothing for nothing', async () => {
    await using ground = await openGround(database);

    const answers: unknown[] = await ground.store.write(async ({ sql }) => [
      await sql.seenMessages([]),
      await sql.takeEarlyEdits([]),
      await sql.usedKeys([]),
      await sql.lockLeads([]),
      (await sql.holdLeads([])).leads,
      await sql.fillLeads([]),
      await sql.lockOpenContacts([]),
      await sql.lastOperators([]),
      await sql.lockContacts([]),
      await sql.lockQueue([], 10),
      await sql.withCapacity([]),
      await sql.sourcesOf([]),
      await sql.insert({ lead: [] }),
      await sql.assignQueued([], at),
      await sql.noteLastWords([]),
    ]);

    expect(answers.flat().filter((answer) => answer !== undefined)).toEqual([]);
  });
});
