import { expect, test } from 'vitest';
import { nextToSend, type Outbox, type OutboxAction, reduceOutbox } from '../../console/src/state/outbox.ts';
import { outgoingOf } from './samples.ts';

function after(...actions: OutboxAction[]): Outbox {
  return actions.reduce(reduceOutbox, []);
}

const written = { type: 'written', outgoing: outgoingOf() } as const;

test('what got no understandable answer is sent again under the same id', () => {
  const unclear = after(written, { type: 'misanswered', clientId: 'first' });
  const again = reduceOutbox(unclear, { type: 'retried', clientId: 'first' });

  expect(nextToSend(unclear)).toEqual([]);
  expect(nextToSend(again)).toEqual([outgoingOf()]);
});

test('a refused message waits for a person, and keeps its id when it is sent again', () => {
  const refused = after(written, { type: 'refused', clientId: 'first', code: 'not-yours' });
  const again = reduceOutbox(refused, { type: 'retried', clientId: 'first' });

  expect(nextToSend(refused)).toEqual([]);
  expect(refused[0]?.state).toEqual({ kind: 'refused', code: 'not-yours' });
  expect(nextToSend(again)).toEqual([outgoingOf()]);
});

test('the words of one contact go out one after another, those of others beside them', () => {
  const outbox = after(
    written,
    { type: 'written', outgoing: outgoingOf({ clientId: 'second' }) },
    { type: 'written', outgoing: outgoingOf({ clientId: 'elsewhere', contactId: 8 }) },
  );

  const next = nextToSend(outbox);

  expect(next.map(({ clientId }) => clientId)).toEqual(['first', 'elsewhere']);
});

test('a kept message leaves the outbox once, whoever tells first', () => {
  const kept = { type: 'kept', messages: [{ client_id: 'first' }, { client_id: null }] } as const;

  const once = after(written, { type: 'written', outgoing: outgoingOf({ clientId: 'second' }) }, kept);
  const twice = reduceOutbox(once, kept);

  expect(once.map(({ clientId }) => clientId)).toEqual(['second']);
  expect(twice).toBe(once);
});

test('a message that is given up is gone', () => {
  expect(after(written, { type: 'dropped', clientId: 'first' })).toEqual([]);
});
