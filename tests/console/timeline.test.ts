import { expect, test } from 'vitest';
import { type Line, timeline } from '../../console/src/state/timeline.ts';
import { MessageId } from '../../src/contract/ids.ts';
import { anna, at, boris, messageOf, outgoingOf, replyOf, stepOf } from './samples.ts';

type Told = Parameters<typeof timeline>[0];

function linesOf(given: Partial<Told>): Line[] {
  const nothing = { messages: [], steps: [], outbox: [], hasOlder: false, unreadFrom: null };
  return timeline({ ...nothing, ...given }, (moment) => moment.slice(0, 10));
}

/** Each line in a word; of messages the id, in brackets where a group begins and ends. */
function told(lines: readonly Line[]): string[] {
  return lines.map((line) => {
    switch (line.kind) {
      case 'message':
        return `${line.isFirst ? '[' : ''}${line.message.id}${line.isLast ? ']' : ''}`;
      case 'outgoing':
        return `${line.isFirst ? '[' : ''}${line.outgoing.clientId}`;
      case 'day':
        return `day ${line.at.slice(0, 10)}`;
      case 'step':
        return `step ${line.step.id}`;
      case 'unread':
        return 'unread';
    }
  });
}

test('what one speaker says within five minutes is one group', () => {
  const lines = linesOf({
    messages: [
      messageOf({ id: 1, created_at: at('10:00') }),
      messageOf({ id: 2, created_at: at('10:04') }),
      messageOf({ id: 3, created_at: at('10:09') }),
      replyOf({ id: 4, created_at: at('10:09') }),
      replyOf({ id: 5, created_at: at('10:10'), operator_id: boris }),
      replyOf({ id: 6, created_at: at('10:10'), operator_id: boris, author: 'note', status: null }),
    ],
  });

  expect(told(lines)).toEqual(['day 2026-11-20', '[1', '2]', '[3]', '[4]', '[5]', '[6]']);
});

test('each day begins with a divider, and a group never reaches over it', () => {
  const lines = linesOf({
    messages: [
      messageOf({ id: 1, created_at: '2026-11-20T23:59:00.000Z' }),
      messageOf({ id: 2, created_at: '2026-11-21T00:01:00.000Z' }),
      messageOf({ id: 3, created_at: '2026-11-23T00:01:00.000Z' }),
    ],
  });

  expect(told(lines)).toEqual(['day 2026-11-20', '[1]', 'day 2026-11-21', '[2]', 'day 2026-11-23', '[3]']);
});

test('steps stand where they happened and break a group', () => {
  const lines = linesOf({
    messages: [messageOf({ id: 1, created_at: at('10:00') }), messageOf({ id: 2, created_at: at('10:02') })],
    steps: [
      stepOf({ id: 31, at: at('10:01') }),
      stepOf({ id: 30, at: at('10:00'), type: 'contact.created' }),
    ],
  });

  expect(told(lines)).toEqual(['day 2026-11-20', '[1]', 'step 31', '[2]']);
});

test('steps from before the oldest loaded message wait until that time is loaded', () => {
  const messages = [messageOf({ id: 2, created_at: at('10:02') })];
  const steps = [stepOf({ id: 31, at: at('10:01') })];

  expect(told(linesOf({ messages, steps, hasOlder: true }))).toEqual(['day 2026-11-20', '[2]']);
  expect(told(linesOf({ messages, steps, hasOlder: false }))).toEqual(['day 2026-11-20', 'step 31', '[2]']);
});

test('what is unread begins with a divider', () => {
  const messages = [messageOf({ id: 1 }), messageOf({ id: 2 })];

  const lines = linesOf({ messages, unreadFrom: MessageId.parse(2) });

  expect(told(lines)).toEqual(['day 2026-11-20', '[1]', 'unread', '[2]']);
});

test('what is not yet kept stands at the end, and its line stays the same one when it is', () => {
  const reply = replyOf({ id: 4, client_id: 'first', operator_id: anna });

  const before = linesOf({ messages: [messageOf({ id: 1 })], outbox: [outgoingOf({ clientId: 'first' })] });
  const then = linesOf({ messages: [messageOf({ id: 1 }), reply] });

  expect(told(before)).toEqual(['day 2026-11-20', '[1]', '[first']);
  expect(before.at(-1)?.key).toBe(then.at(-1)?.key);
});
