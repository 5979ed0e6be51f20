import { expect, test } from 'vitest';
import { actorOperator, readStep } from '../../console/src/state/trail.ts';
import { anna, boris, stepOf } from './samples.ts';

const nobody = { operator_id: null };
const toAnna = { operator_id: anna, status: 'assigned' };
const waiting = { operator_id: null, status: 'waiting' };
const back = { type: 'contact.waiting', from: { operator_id: anna }, to: waiting };
const closed = { operator_id: anna, status: 'closed' };

test.each([
  ['a new contact goes to the queue', { type: 'contact.waiting', to: waiting }, { kind: 'opened-waiting' }],
  ['the rule assigns', { actor: 'routing' }, { kind: 'routed', to: anna }],
  ['an operator takes it', { actor: 'operator:1' }, { kind: 'taken', to: anna, from: null }],
  [
    'a supervisor takes it over',
    { actor: 'operator:1', from: { operator_id: boris } },
    { kind: 'taken', to: anna, from: boris },
  ],
  [
    'a colleague transfers it',
    { actor: 'operator:2', from: { operator_id: boris } },
    { kind: 'given', to: anna, from: boris, by: boris },
  ],
  ['a token assigns it', { actor: 'token:4' }, { kind: 'given', to: anna, from: null, by: null }],
  [
    'its operator gives it back',
    { type: 'contact.waiting', actor: 'operator:1', from: { operator_id: anna }, to: waiting },
    { kind: 'released', from: anna, by: anna },
  ],
  [
    'a deactivation puts it back',
    { type: 'contact.waiting', actor: 'system', from: { operator_id: anna }, to: waiting },
    { kind: 'requeued' },
  ],
  [
    'its operator accepts what was offered',
    { type: 'contact.accepted', actor: 'operator:1', from: { operator_id: anna } },
    { kind: 'accepted', by: anna },
  ],
  [
    'its operator declines',
    { ...back, actor: 'operator:1', reason: 'declined' },
    { kind: 'declined', from: anna, reason: null },
  ],
  [
    'its operator declines and says why',
    { ...back, actor: 'operator:1', reason: 'declined: in French' },
    { kind: 'declined', from: anna, reason: 'in French' },
  ],
  [
    'nobody accepts it in time',
    { ...back, actor: 'system', reason: 'offer-expired' },
    { kind: 'offer-expired', from: anna },
  ],
  [
    'its operator goes offline and it waits',
    { ...back, actor: 'system', reason: 'operator-offline' },
    { kind: 'gone-waiting', from: anna },
  ],
  [
    'its operator goes offline and somebody else gets it',
    { actor: 'system', reason: 'operator-offline', from: { operator_id: boris } },
    { kind: 'gone-handed-over', from: boris, to: anna },
  ],
  [
    'a supervisor hands over, and gets it itself by the rule',
    { actor: 'operator:1', reason: 'handed-over', from: { operator_id: boris } },
    { kind: 'handed-over', from: boris, to: anna },
  ],
  [
    'its operator is deactivated and it goes straight to another',
    { actor: 'token:4', reason: 'operator-deactivated', from: { operator_id: boris } },
    { kind: 'handed-over', from: boris, to: anna },
  ],
  [
    'its operator gives it back for a reason of its own',
    { ...back, actor: 'operator:1', reason: 'released' },
    { kind: 'released', from: anna, by: anna },
  ],
  [
    'its lead writes once more',
    { type: 'contact.reopened', actor: 'lead', reason: 'reopened', from: { operator_id: anna }, to: waiting },
    { kind: 'reopened-by-lead' },
  ],
  [
    'somebody closes it',
    { type: 'contact.closed', actor: 'operator:2', from: { operator_id: anna }, to: closed },
    { kind: 'closed', by: boris },
  ],
  ['it is reopened', { type: 'contact.reopened', actor: 'operator:1' }, { kind: 'reopened-to', to: anna }],
  [
    'it is reopened into the queue',
    { type: 'contact.reopened', actor: 'operator:1', to: waiting },
    { kind: 'reopened-waiting' },
  ],
])('%s', (_, step, move) => {
  expect(readStep(stepOf(step))).toEqual(move);
});

test.each([
  ['its creation', { type: 'contact.created', to: waiting }],
  ['an update of a waiting contact', { type: 'contact.updated', to: waiting, from: nobody }],
  ['an update of a closed one', { type: 'contact.updated', to: closed, from: { operator_id: anna } }],
  [
    'a step that leaves it where it is',
    { type: 'contact.assigned', to: toAnna, from: { operator_id: anna } },
  ],
])('%s is no move', (_, step) => {
  expect(readStep(stepOf(step))).toEqual({ kind: 'other' });
});

test('only an operator is a colleague with a name', () => {
  expect(['operator:2', 'token:2', 'routing', 'operator:x'].map(actorOperator)).toEqual([
    boris,
    null,
    null,
    null,
  ]);
});
