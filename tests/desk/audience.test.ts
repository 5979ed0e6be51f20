import { describe, expect, test } from 'vitest';
import { GatewayEvent } from '../../src/contract/event.ts';
import type { OperatorId } from '../../src/contract/ids.ts';
import { MessageCreate } from '../../src/contract/message.ts';
import { OperatorUpdate } from '../../src/contract/operator.ts';
import type { Actor } from '../../src/desk/actor.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { audienceOf, toldTo } from '../../src/desk/audience.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { openContact } from '../../src/desk/open-contact.ts';
import { receiveReach } from '../../src/desk/receive-reach.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { reopenContact } from '../../src/desk/reopen-contact.ts';
import { takeContact } from '../../src/desk/take-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import {
  actingAs,
  admin,
  databases,
  everythingTold,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  supervisor,
  type TestDesk,
  waits,
  writes,
} from '../support/desk.ts';

const paused = 'paused' as const;

/** What the actor hears of all that happened since `after`, in its own form. */
async function hears(desk: TestDesk, actor: Actor, after = 0): Promise<GatewayEvent[]> {
  const audience = await audienceOf(desk, actor);
  const told = (await everythingTold(desk)).slice(after);
  return told.flatMap((event) => {
    const heard = toldTo(audience, event);
    return heard === null ? [] : [GatewayEvent.parse(heard)];
  });
}

const typesOf = (events: GatewayEvent[]): string[] => events.map((event) => event.type);
const happened = async (desk: TestDesk): Promise<number> => (await everythingTold(desk)).length;

/** Two operators of one source, and one of none; nobody of them gets anything by the rule. */
async function crew(desk: TestDesk) {
  const source = await hasSource(desk, { code: 'shop' });
  const ann = await hasOperator(desk, { name: 'Ann', availability: paused, on: { [source]: 1 } });
  const bob = await hasOperator(desk, { name: 'Bob', availability: paused, on: { [source]: 1 } });
  const carl = await hasOperator(desk, { name: 'Carl' });
  return { source, ann, bob, carl };
}

const left = (id: number, to: { id: OperatorId; name: string } | null) => ({
  type: 'contact.left',
  data: { id, version: expect.any(Number), to },
});

describe.each(databases)('on %s', (database) => {
  test('when a waiting contact is taken, the others of its queue hear that it left, and to whom', async () => {
    await using desk = await openTestDesk(database);
    const { source, ann, bob, carl } = await crew(desk);
    const { id } = await waits(desk, source);
    const before = await happened(desk);

    await takeContact(desk, actingAs(ann), id);

    const assigned = [{ type: 'contact.assigned', data: { id, operator_id: ann, version: 2 } }];
    expect(await hears(desk, actingAs(ann), before)).toMatchObject(assigned);
    expect(await hears(desk, actingAs(bob), before)).toMatchObject([left(id, { id: ann, name: 'Ann' })]);
    expect(await hears(desk, actingAs(carl), before)).toEqual([]);
    expect(await hears(desk, supervisor, before)).toMatchObject(assigned);
  });

  test('when a contact is transferred, the former operator hears that it left', async () => {
    await using desk = await openTestDesk(database);
    const { source, ann, bob } = await crew(desk);
    const { id } = await waits(desk, source);
    await takeContact(desk, actingAs(ann), id);
    const before = await happened(desk);

    await assignContact(desk, admin, id, { operator_id: bob });

    expect(await hears(desk, actingAs(ann), before)).toMatchObject([left(id, { id: bob, name: 'Bob' })]);
    expect(typesOf(await hears(desk, actingAs(bob), before))).toEqual(['contact.assigned']);
  });

  test('a released contact is told to its queue; to a former operator of none of its sources it left', async () => {
    await using desk = await openTestDesk(database);
    const { source, bob, carl } = await crew(desk);
    const { id } = await waits(desk, source);
    await assignContact(desk, admin, id, { operator_id: carl });
    const before = await happened(desk);

    await releaseContact(desk, admin, id);

    expect(await hears(desk, actingAs(bob), before)).toMatchObject([
      { type: 'contact.waiting', data: { id, status: 'waiting', operator: null } },
    ]);
    expect(await hears(desk, actingAs(carl), before)).toMatchObject([left(id, null)]);
  });

  test('a contact closed in the queue leaves it; one that somebody had stays theirs', async () => {
    await using desk = await openTestDesk(database);
    const { source, ann, bob } = await crew(desk);
    const [waiting, held] = [await waits(desk, source, 'a'), await waits(desk, source, 'b')];
    await takeContact(desk, actingAs(ann), held.id);
    const before = await happened(desk);

    await closeContact(desk, admin, waiting.id, {});
    await closeContact(desk, admin, held.id, {});
    await reopenContact(desk, admin, held.id, {});

    expect(await hears(desk, actingAs(ann), before)).toMatchObject([
      left(waiting.id, null),
      { type: 'contact.closed', data: { id: held.id } },
      { type: 'contact.reopened', data: { id: held.id, status: 'waiting' } },
    ]);
    expect(typesOf(await hears(desk, actingAs(bob), before))).toEqual(['contact.left', 'contact.reopened']);
  });

  test('a contact that finds its operator at once is told to nobody else', async () => {
    await using desk = await openTestDesk(database);
    const { source, bob } = await crew(desk);
    const dora = await hasOperator(desk, { on: { [source]: 1 } });

    await writes(desk, source, 'lead');

    const heard = ['contact.created', 'contact.assigned', 'message.created'];
    expect(typesOf(await hears(desk, actingAs(dora)))).toEqual(heard);
    expect(await hears(desk, actingAs(bob))).toEqual([]);
    expect(typesOf(await hears(desk, admin))).toEqual(heard);
  });

  test('messages are told to whoever sees the contact when they are written', async () => {
    await using desk = await openTestDesk(database);
    const { source, ann, bob, carl } = await crew(desk);
    const say = (actor: Actor, text: string, kind: 'reply' | 'note' = 'reply'): Promise<unknown> =>
      writeMessage(desk, actor, id, MessageCreate.parse({ text, kind }));
    const id = (await writes(desk, source, 'lead', { text: 'in the queue' })).contactId!;
    await takeContact(desk, actingAs(ann), id);
    await writes(desk, source, 'lead', { text: 'to Ann' });
    await say(actingAs(ann), 'from Ann');
    await assignContact(desk, actingAs(ann), id, { operator_id: bob }).catch(() => {});
    await assignContact(desk, admin, id, { operator_id: bob, note: 'about it' });
    await say(actingAs(bob), 'from Bob');

    const words = async (actor: Actor): Promise<string[]> =>
      (await hears(desk, actor)).flatMap((event) =>
        event.type === 'message.created' ? [event.data.text] : [],
      );
    expect(await words(actingAs(ann))).toEqual(['in the queue', 'to Ann', 'from Ann', 'about it']);
    expect(await words(actingAs(bob))).toEqual(['in the queue', 'from Bob']);
    expect(await words(actingAs(carl))).toEqual([]);
    expect(await words(admin)).toEqual(['in the queue', 'to Ann', 'from Ann', 'about it', 'from Bob']);
  });

  test('a replay tells what was seen then, not what is seen today', async () => {
    await using desk = await openTestDesk(database);
    const { source, ann, bob } = await crew(desk);
    const { id } = await waits(desk, source);
    await takeContact(desk, actingAs(ann), id);
    await assignContact(desk, admin, id, { operator_id: bob });
    await closeContact(desk, admin, id, {});

    expect(typesOf(await hears(desk, actingAs(ann)))).toEqual([
      'contact.created',
      'contact.waiting',
      'contact.assigned',
      'contact.left',
    ]);
    expect(typesOf(await hears(desk, actingAs(bob)))).toEqual([
      'contact.created',
      'contact.waiting',
      'contact.left',
      'contact.assigned',
      'contact.closed',
    ]);
  });

  test('that a lead cannot be reached is told to those who see its contact, and nobody loses it', async () => {
    await using desk = await openTestDesk(database);
    const { source, ann, bob, carl } = await crew(desk);
    const { contactId } = await writes(desk, source, 'tg:5', { chat: '5' });
    await takeContact(desk, actingAs(ann), contactId!);
    const before = await happened(desk);
    const shut = { sourceId: source, lead: 'tg:5', chat: '5', isOpen: false, at: new Date() };

    await receiveReach(desk, shut);

    const unreachable = { reason: 'blocked-by-user', since: shut.at.toISOString() };
    const told = [
      { type: 'contact.updated', data: { id: contactId, version: 3, operator_id: ann, unreachable } },
    ];
    expect(await hears(desk, actingAs(ann), before)).toMatchObject(told);
    expect(await hears(desk, supervisor, before)).toMatchObject(told);
    for (const other of [bob, carl]) expect(await hears(desk, actingAs(other), before)).toEqual([]);
  });

  test('a greeting is told to those who see the contact, behind the message it answers', async () => {
    await using desk = await openTestDesk(database);
    const { source, ann, carl } = await crew(desk);
    await updateSource(desk, admin, 'shop', { greeting: 'Welcome!' });
    const before = await happened(desk);

    await openContact(desk, admin, { external_id: 'ann', source_id: source, text: 'hello' }, null);

    const heard = await hears(desk, actingAs(ann), before);
    expect(typesOf(heard)).toEqual([
      'contact.created',
      'contact.waiting',
      'message.created',
      'message.created',
    ]);
    expect(heard.slice(2)).toMatchObject([
      { data: { author: 'lead', text: 'hello' } },
      { data: { author: 'bot', text: 'Welcome!', status: 'sent' } },
    ]);
    expect(await hears(desk, actingAs(carl), before)).toEqual([]);
  });

  test('an operator is told in full to itself, without its address to colleagues, to strangers not at all', async () => {
    await using desk = await openTestDesk(database);
    const { ann, bob, carl } = await crew(desk);
    const before = await happened(desk);

    await updateOperator(desk, admin, ann, OperatorUpdate.parse({ email: 'ann@example.org', max_load: 3 }));

    const [own] = await hears(desk, actingAs(ann), before);
    const [colleague] = await hears(desk, actingAs(bob), before);
    expect(own).toMatchObject({ type: 'operator.updated', data: { id: ann, email: 'ann@example.org' } });
    expect(colleague?.data).toEqual({
      id: ann,
      name: 'Ann',
      availability: paused,
      presence: 'offline',
      load: 0,
      max_load: 3,
    });
    expect(await hears(desk, actingAs(carl), before)).toEqual([]);
    expect(await hears(desk, supervisor, before)).toEqual([own]);
  });

  test('a source is told to its operators in brief, to supervisors in full', async () => {
    await using desk = await openTestDesk(database);
    const { source, ann, carl } = await crew(desk);
    const before = await happened(desk);

    await updateSource(desk, admin, 'shop', { name: 'The shop' });

    const [brief] = await hears(desk, actingAs(ann), before);
    expect(brief?.data).toEqual({ id: source, name: 'The shop', code: 'shop', kind: 'api', is_active: true });
    expect(await hears(desk, actingAs(carl), before)).toEqual([]);
    expect((await hears(desk, supervisor, before))[0]).toMatchObject({
      type: 'source.updated',
      data: { strategy: 'weighted_random' },
    });
  });

  test('a token for arrivals has no ear, and an operator’s that acts for nobody hears nothing', async () => {
    await using desk = await openTestDesk(database);
    const { source } = await crew(desk);
    await opens(desk, source, 'lead');

    await expect(audienceOf(desk, { ...admin, scope: 'ingest' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await hears(desk, { ...admin, role: 'operator' })).toEqual([]);
  });
});
