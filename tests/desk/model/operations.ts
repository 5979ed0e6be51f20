import * as fc from 'fast-check';
import { Strategy } from '../../../src/contract/decision.ts';
import type { ContactId, OperatorId, SourceId } from '../../../src/contract/ids.ts';
import { OpenContacts, OperatorUpdate } from '../../../src/contract/operator.ts';
import { acceptContact } from '../../../src/desk/accept-contact.ts';
import { assignContact } from '../../../src/desk/assign-contact.ts';
import { closeContact } from '../../../src/desk/close-contact.ts';
import { declineContact } from '../../../src/desk/decline-contact.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import { drainSources } from '../../../src/desk/drain.ts';
import { handOverContacts } from '../../../src/desk/hand-over-contacts.ts';
import { expireOffers } from '../../../src/desk/offers.ts';
import { releaseContact } from '../../../src/desk/release-contact.ts';
import { reopenContact } from '../../../src/desk/reopen-contact.ts';
import { setOperatorWeight } from '../../../src/desk/set-operator-weight.ts';
import { setPresence } from '../../../src/desk/set-presence.ts';
import { takeContact } from '../../../src/desk/take-contact.ts';
import { updateOperator } from '../../../src/desk/update-operator.ts';
import { updateSource } from '../../../src/desk/update-source.ts';
import { actingAs, admin, opens, writes } from '../../support/desk.ts';
import type { World } from './world.ts';

export type Clock = { now(): Date; advance(ms: number): void };

/** Whom and what a run of operations is about. */
export type Stage = { desk: Desk; clock: Clock; sources: SourceId[]; operators: OperatorId[]; lead: string };

const some = fc.nat({ max: 99 });
const mostly = fc.constantFrom(true, true, false);
function of<K extends string, R extends object>(kind: K, fields: { [F in keyof R]: fc.Arbitrary<R[F]> }) {
  return fc.record<R>(fields).map((values) => ({ kind, ...values }));
}

/** One thing that somebody does; a number chooses among whoever or whatever is there when it is done. */
export const anOperation = fc.oneof(
  { weight: 7, arbitrary: of('open', { source: some, lead: some }) },
  { weight: 5, arbitrary: of('write', { source: some, lead: some }) },
  { weight: 6, arbitrary: of('close', { contact: some }) },
  { weight: 3, arbitrary: of('take', { operator: some, contact: some }) },
  { weight: 3, arbitrary: of('release', { contact: some }) },
  { weight: 3, arbitrary: of('accept', { contact: some }) },
  { weight: 4, arbitrary: of('decline', { contact: some }) },
  { weight: 3, arbitrary: of('assign', { operator: some, contact: some }) },
  { weight: 1, arbitrary: of('transfer', { operator: some, contact: some }) },
  { weight: 3, arbitrary: of('reopen', { contact: some, operator: fc.option(some, { freq: 2 }) }) },
  { weight: 3, arbitrary: of('cap', { operator: some, cap: fc.integer({ min: 0, max: 5 }) }) },
  {
    weight: 2,
    arbitrary: of('switch', {
      operator: some,
      to: fc.constantFrom('available' as const, 'available' as const, 'paused' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: of('deactivate', {
      operator: some,
      contacts: fc.constantFrom(...OpenContacts.options),
    }),
  },
  { weight: 2, arbitrary: of('hand-over', { operator: some, isRehearsed: fc.boolean() }) },
  { weight: 2, arbitrary: of('activate', { operator: some }) },
  { weight: 2, arbitrary: of('presence', { operator: some, isOnline: mostly }) },
  {
    weight: 3,
    arbitrary: of('weight', { operator: some, source: some, weight: fc.constantFrom(0, 1, 1, 7) }),
  },
  { weight: 2, arbitrary: of('source', { source: some, isActive: mostly }) },
  { weight: 2, arbitrary: of('strategy', { source: some, to: fc.constantFrom(...Strategy.options) }) },
  { weight: 1, arbitrary: of('wait', { minutes: fc.integer({ min: 1, max: 11 }) }) },
);
export type Operation = typeof anOperation extends fc.Arbitrary<infer T> ? T : never;

/** Does it, and answers what it is told; undefined when there is nothing to do it to. */
export function perform(stage: Stage, world: World, operation: Operation): Promise<unknown> | undefined {
  const { desk, clock } = stage;
  const source = (n: number): SourceId => pick(stage.sources, n)!;
  const operator = (n: number): OperatorId => pick(stage.operators, n)!;
  const contact = (status: string, n: number): ContactId | undefined =>
    pick(
      world.contacts.filter((one) => one.status === status),
      n,
    )?.id;
  const held = (n: number): World['contacts'][number] | undefined =>
    pick(
      world.contacts.filter((one) => one.status === 'assigned'),
      n,
    );
  const update = (n: number, change: object): Promise<unknown> =>
    updateOperator(desk, admin, operator(n), OperatorUpdate.parse(change));

  switch (operation.kind) {
    case 'open':
      return opens(desk, source(operation.source), `${stage.lead} ${operation.lead % 6}`);
    case 'write':
      return writes(desk, source(operation.source), `${stage.lead} ${operation.lead % 6}`);
    case 'wait':
      clock.advance(operation.minutes * 60_000);
      // What the timers of released contacts do when their time has come.
      return drainSources(desk, stage.sources).then(() => expireOffers(desk));
    case 'cap':
      return update(operation.operator, { max_load: operation.cap });
    case 'switch':
      return update(operation.operator, { availability: operation.to });
    case 'activate':
      return update(operation.operator, { is_active: true });
    case 'deactivate':
      return update(operation.operator, { is_active: false, open_contacts: operation.contacts });
    case 'hand-over':
      return handsOver(desk, operator(operation.operator), operation.isRehearsed);
    case 'presence':
      return setPresence(desk, {
        operatorId: operator(operation.operator),
        gateway: 'here',
        isOnline: operation.isOnline,
      });
    case 'weight':
      return setOperatorWeight(desk, admin, operator(operation.operator), {
        source_id: source(operation.source),
        weight: operation.weight,
      });
    case 'source':
      return updateSource(desk, admin, String(source(operation.source)), { is_active: operation.isActive });
    case 'strategy':
      return updateSource(desk, admin, String(source(operation.source)), { strategy: operation.to });
    case 'close':
      // A third of what is closed was still waiting.
      return on(contact(operation.contact % 3 === 0 ? 'waiting' : 'assigned', operation.contact), (id) =>
        closeContact(desk, admin, id, {}),
      );
    case 'take':
      return on(contact('waiting', operation.contact), (id) =>
        takeContact(desk, actingAs(operator(operation.operator)), id),
      );
    case 'release':
      return on(contact('assigned', operation.contact), (id) => releaseContact(desk, admin, id));
    case 'accept':
      return on(held(operation.contact), ({ id, operatorId }) =>
        acceptContact(desk, actingAs(operatorId!), id),
      );
    case 'decline':
      return on(held(operation.contact), ({ id, operatorId }) =>
        declineContact(desk, actingAs(operatorId!), id, {}),
      );
    case 'assign':
      return on(contact(operation.contact % 2 === 0 ? 'waiting' : 'assigned', operation.contact), (id) =>
        assignContact(desk, admin, id, { operator_id: operator(operation.operator) }),
      );
    case 'transfer':
      return on(held(operation.contact), ({ id, operatorId }) =>
        assignContact(desk, actingAs(operatorId!), id, { operator_id: operator(operation.operator) }),
      );
    case 'reopen':
      return on(contact('closed', operation.contact), (id) =>
        reopenContact(
          desk,
          admin,
          id,
          operation.operator === null ? {} : { operator_id: operator(operation.operator) },
        ),
      );
  }
}

/** Whoever has to give away all that it has when this is done; null for nobody. */
export function leaverOf(stage: Stage, operation: Operation): OperatorId | null {
  const isLeave =
    operation.kind === 'hand-over' || (operation.kind === 'deactivate' && operation.contacts !== 'keep');
  return isLeave ? pick(stage.operators, operation.operator)! : null;
}

/** Rehearsed, it comes out as agreed. */
async function handsOver(desk: Desk, id: OperatorId, isRehearsed: boolean): Promise<unknown> {
  const input = { dry_run: false };
  if (!isRehearsed) return handOverContacts(desk, admin, id, input);
  const { plan } = await handOverContacts(desk, admin, id, { dry_run: true });
  return handOverContacts(desk, admin, id, { ...input, plan });
}

function pick<T>(from: readonly T[], n: number): T | undefined {
  return from[n % from.length];
}

function on<T>(target: T | undefined, act: (target: T) => Promise<unknown>): Promise<unknown> | undefined {
  return target === undefined ? undefined : act(target);
}
