import { describe, expect, test } from 'vitest';
import type { ContactId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { MessageCreate } from '../../src/contract/message.ts';
import type { Actor } from '../../src/desk/actor.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { listDecisions, listTrail } from '../../src/desk/contact-history.ts';
import { getContact } from '../../src/desk/contacts.ts';
import { listMessages } from '../../src/desk/messages.ts';
import { openContact } from '../../src/desk/open-contact.ts';
import { authorize, authorizeAny } from '../../src/desk/policy.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { reopenContact } from '../../src/desk/reopen-contact.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import { Problem } from '../../src/problem.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  type TestDesk,
} from '../support/desk.ts';

const page = { limit: 5 };
type Attempt = (desk: TestDesk, actor: Actor, id: ContactId, colleague: OperatorId) => Promise<unknown>;

const verbs: Record<string, Attempt> = {
  see: (desk, actor, id) => getContact(desk, actor, id),
  messages: (desk, actor, id) => listMessages(desk, actor, id, page),
  decisions: (desk, actor, id) => listDecisions(desk, actor, id, page),
  trail: (desk, actor, id) => listTrail(desk, actor, id, page),
  take: (desk, actor, id) => takeContact(desk, actor, id),
  assign: (desk, actor, id, colleague) => assignContact(desk, actor, id, { operator_id: colleague }),
  close: (desk, actor, id) => closeContact(desk, actor, id, {}),
  release: (desk, actor, id) => releaseContact(desk, actor, id),
  reopen: (desk, actor, id) => reopenContact(desk, actor, id, {}),
  reply: (desk, actor, id) => writeMessage(desk, actor, id, MessageCreate.parse({ text: 'hello' })),
  note: (desk, actor, id) =>
    writeMessage(desk, actor, id, MessageCreate.parse({ text: 'psst', kind: 'note' })),
};

/** Six that want something of a contact which Ann has, or had, or could take. */
async function people(desk: TestDesk) {
  const source = await hasSource(desk);
  const on = { [source]: 1 };
  const ann = await hasOperator(desk, { maxLoad: 1000, availability: 'paused', on });
  const colleague = await hasOperator(desk, { maxLoad: 1000, availability: 'paused', on });
  const stranger = await hasOperator(desk, { maxLoad: 1000 });
  const boss = await hasOperator(desk, { role: 'supervisor', maxLoad: 1000 });
  const actors = {
    owner: actingAs(ann),
    colleague: actingAs(colleague),
    stranger: actingAs(stranger),
    supervisor: actingAs(boss, 'supervisor'),
    admin,
    ingest: { ...actingAs(ann), scope: 'ingest' } as Actor,
  };
  return { source, ann, actors };
}

async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'yes';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

/** What each of them is told, verb by verb; every attempt is made on a contact of its own. */
async function outcomes(
  desk: TestDesk,
  make: (people: { source: SourceId; ann: OperatorId; lead: string }) => Promise<ContactId>,
): Promise<Record<string, string>> {
  const { source, ann, actors } = await people(desk);
  const free = await hasOperator(desk, { maxLoad: 0, on: { [source]: 1 } });
  const told: Record<string, string> = {};
  for (const [verb, attempt] of Object.entries(verbs)) {
    const row: string[] = [];
    for (const [who, actor] of Object.entries(actors)) {
      const id = await make({ source, ann, lead: `${verb} ${who}` });
      // Its cap is raised for the moment of the attempt, so that the rule gives it nothing.
      await desk.store.write((tx) =>
        tx.em.execute('update operator set max_load = 1000 where id = ?', [free]),
      );
      row.push(await outcomeOf(attempt(desk, actor, id, free)));
      await desk.drains.idle();
      await desk.store.write((tx) => tx.em.execute('update operator set max_load = 0 where id = ?', [free]));
    }
    told[verb] = row.join(' ');
  }
  return told;
}

const yours = 'yes not-found not-found yes yes forbidden';

describe.each(databases)('on %s', (database) => {
  test('a contact that an operator has is its own, and there for supervisors and admins', async () => {
    await using desk = await openTestDesk(database);

    const told = await outcomes(desk, async ({ source, ann, lead }) => {
      const { id } = await opens(desk, source, lead);
      await assignContact(desk, admin, id, { operator_id: ann });
      return id;
    });

    expect(told).toEqual({
      see: yours,
      messages: yours,
      decisions: yours,
      trail: yours,
      take: 'yes already-taken not-found already-taken no-operator forbidden',
      assign: yours,
      close: yours,
      release: yours,
      reopen: yours,
      reply: 'yes not-found not-found not-yours no-operator forbidden',
      note: yours,
    });
  });

  test('a closed contact stays its operator’s own', async () => {
    await using desk = await openTestDesk(database);

    const told = await outcomes(desk, async ({ source, ann, lead }) => {
      const { id } = await opens(desk, source, lead);
      await assignContact(desk, admin, id, { operator_id: ann });
      await closeContact(desk, admin, id, {});
      return id;
    });

    const closed = 'closed not-found not-found closed closed forbidden';
    expect(told).toEqual({
      see: yours,
      messages: yours,
      decisions: yours,
      trail: yours,
      take: 'closed closed not-found closed no-operator forbidden',
      assign: closed,
      close: yours,
      release: closed,
      reopen: yours,
      reply: 'closed not-found not-found not-yours no-operator forbidden',
      note: yours,
    });
  });

  test('a waiting contact is to be seen and taken by operators of its source, and nothing else', async () => {
    await using desk = await openTestDesk(database);

    const told = await outcomes(desk, async ({ source, lead }) => (await opens(desk, source, lead)).id);

    const seen = 'yes yes not-found yes yes forbidden';
    const looked = 'forbidden forbidden not-found yes yes forbidden';
    expect(told).toEqual({
      see: seen,
      messages: seen,
      decisions: seen,
      trail: seen,
      take: 'yes yes not-found yes no-operator forbidden',
      assign: looked,
      close: looked,
      release: looked,
      reopen: looked,
      reply: 'not-yours not-yours not-found not-yours no-operator forbidden',
      note: looked,
    });
  });

  test('everybody with a token may open contacts, whoever it acts for; a channel may not by a call', async () => {
    await using desk = await openTestDesk(database);
    const { source, actors } = await people(desk);
    const open = (actor: Actor): Promise<unknown> =>
      openContact(desk, actor, { external_id: 'lead', source_id: source }, null);

    for (const actor of Object.values(actors)) expect(await outcomeOf(open(actor))).toBe('yes');
    for (const actor of [{ kind: 'channel', sourceId: source }, { kind: 'routing' }] as const)
      expect(await outcomeOf(open(actor))).toBe('forbidden');
  });
});

test('what no row of the table names is denied', () => {
  const operator = actingAs(1 as OperatorId);
  const boss = actingAs(1 as OperatorId, 'supervisor');

  for (const action of ['configure', 'weights.see', 'stats.see', 'lead.change'] as const)
    expect(() => authorize(operator, action), action).toThrow(Problem);
  expect(() => authorize(boss, 'configure')).toThrow(Problem);
  expect(() => authorizeAny(boss, 'operator.availability')).toThrow(Problem);
  expect(() => authorizeAny(operator, 'contact.close')).toThrow(Problem);
  for (const action of ['contact.see', 'contact.take', 'lead.see', 'stats.see'] as const)
    expect(() => authorize({ ...admin, scope: 'ingest' }, action), action).toThrow(Problem);
});
