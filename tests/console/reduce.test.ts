import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Action, type Desk, emptyDesk } from '../../console/src/state/desk.ts';
import { reduce } from '../../console/src/state/reduce.ts';
import { recount } from '../../console/src/state/views.ts';
import type { Contact } from '../../src/contract/contact.ts';
import type { GatewayEvent } from '../../src/contract/event.ts';
import type { Message } from '../../src/contract/message.ts';
import { anna, at, boris, contactOf, eventOf, messageOf, operatorOf, replyOf, sourceOf } from './samples.ts';

const { id } = contactOf();
const atAnnas: Desk = { ...emptyDesk, me: operatorOf(), cursor: 'start' };

function after(desk: Desk, ...actions: Action[]): Desk {
  return actions.reduce(reduce, desk);
}

function told(desk: Desk, ...events: GatewayEvent[]): Desk {
  return reduce(desk, { type: 'events', events });
}

/** A desk with a loaded thread of these messages. */
function reading(...items: Message[]): Desk {
  const action = { type: 'messages', contactId: id, items, hasOlder: false } as const;
  return after(told(atAnnas, eventOf('contact.created', contactOf({ operator_id: anna }))), action);
}

function thread(desk: Desk): readonly Message[] {
  return desk.threads.get(id)?.messages ?? [];
}

function countsOf(desk: Desk) {
  const none = { mine: 0, queue: 0, all: 0 };
  return [...desk.contacts.values()].reduce((counts, each) => recount(counts, null, each, anna), none);
}

describe('contacts', () => {
  test('a contact goes from the queue to its operator and is counted where it stands', () => {
    const waiting = eventOf('contact.created', contactOf());
    const mine = eventOf('contact.assigned', contactOf({ operator_id: anna, version: 2 }));

    const before = told(atAnnas, waiting);
    const then = told(before, mine);

    expect(before.counts).toEqual({ mine: 0, queue: 1, all: 1 });
    expect(then.counts).toEqual({ mine: 1, queue: 0, all: 1 });
    expect(then.contacts.get(id)?.operator?.name).toBe('Anna');
  });

  test('states of a contact end in the newest one, in whatever order and however often they are told', () => {
    const states: Contact[] = [
      contactOf(),
      contactOf({ version: 2, operator_id: anna }),
      contactOf({ version: 3, operator_id: boris }),
      contactOf({ version: 4, status: 'closed', operator_id: boris }),
      contactOf({ version: 5, operator_id: anna }),
    ];
    const types = ['created', 'assigned', 'assigned', 'closed', 'reopened'] as const;
    const events = states.map((state, index) => eventOf(`contact.${types[index] ?? 'assigned'}`, state));
    const order = fc.array(fc.nat({ max: 4 }), { maxLength: 12 });

    fc.assert(
      fc.property(order, fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (extra, all) => {
        const desk = told(atAnnas, ...[...extra, ...all].map((index) => events[index] ?? events[0]!));

        expect(desk.contacts.get(id)?.version).toBe(5);
        expect(desk.counts).toEqual(countsOf(desk));
      }),
    );
  });

  test('an answer that was overtaken by an event changes nothing', () => {
    const desk = told(atAnnas, eventOf('contact.assigned', contactOf({ operator_id: boris, version: 3 })));

    const then = after(desk, { type: 'contacts', items: [contactOf({ operator_id: anna, version: 2 })] });

    expect(then.contacts.get(id)?.operator_id).toBe(boris);
    expect(then.counts).toEqual(desk.counts);
  });

  test('a contact that has left does not come back by an older word, but by a newer one', () => {
    const desk = told(
      atAnnas,
      eventOf('contact.assigned', contactOf({ operator_id: anna, version: 2 })),
      eventOf('contact.left', { id, version: 3, to: { id: boris, name: 'Boris' } }),
    );

    const older = after(desk, { type: 'contacts', items: [contactOf({ operator_id: anna, version: 2 })] });
    const event = told(desk, eventOf('contact.assigned', contactOf({ operator_id: anna, version: 3 })));
    const newer = told(desk, eventOf('contact.assigned', contactOf({ operator_id: anna, version: 4 })));

    expect(desk.gone.get(id)?.to).toEqual({ id: boris, name: 'Boris' });
    expect(desk.counts.mine).toBe(0);
    expect(older.contacts.has(id) || event.contacts.has(id)).toBe(false);
    expect(newer.contacts.has(id)).toBe(true);
    expect(newer.counts.mine).toBe(1);
  });

  test('a contact does not leave by a word older than what is known of it', () => {
    const desk = told(atAnnas, eventOf('contact.assigned', contactOf({ operator_id: anna, version: 4 })));

    const then = told(desk, eventOf('contact.left', { id, version: 3, to: null }));

    expect(then.contacts.has(id)).toBe(true);
    expect(then.counts.mine).toBe(1);
  });

  test('after a gap only the snapshot counts', () => {
    const desk = after(reading(messageOf()), { type: 'opened', contactId: id });
    const other = contactOf({ id: 8, version: 1 });

    const then = after(desk, {
      type: 'snapshot',
      cursor: 'fresh',
      snapshot: { operator: operatorOf(), counts: { mine: 0, queue: 1, all: 1 }, contacts: [other] },
      isGap: true,
    });

    expect([...then.contacts.keys()]).toEqual([other.id]);
    expect(then.threads.size).toBe(0);
    expect(then).toMatchObject({ cursor: 'fresh', epoch: desk.epoch + 1 });
  });
});

describe('messages', () => {
  test('what is said while a thread is being loaded is neither lost nor shown twice', () => {
    const asked = after(atAnnas, { type: 'thread-asked', contactId: id });
    const late = messageOf({ id: 14, text: 'And a red one?' });

    const then = after(told(asked, eventOf('message.created', late), eventOf('message.created', late)), {
      type: 'messages',
      contactId: id,
      items: [messageOf({ id: 13 })],
      hasOlder: false,
    });

    expect(thread(then).map((message) => message.id)).toEqual([13, 14]);
  });

  test('a reply that is sent stays sent, whatever is told of it late', () => {
    const desk = told(reading(replyOf()), eventOf('message.updated', replyOf({ status: 'sent' })));

    const then = told(
      after(desk, { type: 'message', item: replyOf() }),
      eventOf('message.created', replyOf()),
      eventOf('message.updated', replyOf({ status: 'sending' })),
    );

    expect(thread(then)).toEqual([replyOf({ status: 'sent' })]);
  });

  test('a failed reply that is sent again goes all the way once more', () => {
    const failed = replyOf({ status: 'failed', error: 'blocked-by-user' });
    const desk = reading(failed);

    const queued = told(desk, eventOf('message.updated', replyOf()));
    const sent = told(
      queued,
      eventOf('message.updated', replyOf({ status: 'sending' })),
      eventOf('message.updated', replyOf({ status: 'sent' })),
    );

    expect(thread(queued)).toEqual([replyOf()]);
    expect(thread(sent)).toEqual([replyOf({ status: 'sent' })]);
  });

  test('the answer to a retry counts where no event was faster', () => {
    const failed = replyOf({ status: 'failed', error: 'blocked-by-user' });
    const desk = reading(failed);
    const [before] = thread(desk);
    const answer = { type: 'retried', before: before ?? failed, item: replyOf() } as const;

    const first = after(desk, answer);
    const overtaken = after(
      told(
        desk,
        eventOf('message.updated', replyOf()),
        eventOf('message.updated', replyOf({ status: 'failed', error: 'chat-not-found' })),
      ),
      answer,
    );

    expect(thread(first)).toEqual([replyOf()]);
    expect(thread(overtaken)[0]).toMatchObject({ status: 'failed', error: 'chat-not-found' });
  });

  test('an edited message keeps its newest words', () => {
    const edited = messageOf({ text: 'Blue, please', edited_at: at('10:09') });

    const then = told(
      reading(messageOf()),
      eventOf('message.updated', edited),
      eventOf('message.updated', messageOf({ text: 'Red, please', edited_at: at('10:04') })),
      eventOf('message.created', messageOf()),
    );

    expect(thread(then)).toEqual([edited]);
  });

  test('unread messages are counted once each, and not those of the contact that is open', () => {
    const one = eventOf('message.created', messageOf({ id: 13 }));
    const two = eventOf('message.created', messageOf({ id: 14 }));

    const away = told(reading(), one, two, one);
    const there = told(after(reading(), { type: 'opened', contactId: id }), one);

    expect(away.unread.get(id)).toEqual({ count: 2, first: 13, last: 14 });
    expect(there.unread.has(id)).toBe(false);
  });

  test('a row shows the newest message, and no note', () => {
    const desk = told(
      reading(),
      eventOf('message.created', messageOf({ id: 14, text: 'newer', created_at: at('10:07') })),
      eventOf('message.created', messageOf({ id: 13, text: 'older', created_at: at('10:06') })),
      eventOf('message.created', messageOf({ id: 15, author: 'note', created_at: at('10:08') })),
    );

    expect(desk.contacts.get(id)?.last_message).toMatchObject({ text: 'newer', at: at('10:07') });
  });
});

describe('a lead who cannot be reached', () => {
  const blocked = { reason: 'blocked-by-user', since: at('10:10') };
  const cut = told(
    reading(),
    eventOf('contact.updated', contactOf({ operator_id: anna, version: 2, unreachable: blocked })),
  );
  const later = messageOf({ id: 15, text: 'Back again', created_at: at('10:20') });

  function unreachable(desk: Desk) {
    return desk.contacts.get(id)?.unreachable;
  }

  test('is told, and moves no count', () => {
    expect(unreachable(cut)).toEqual(blocked);
    expect(cut.counts).toEqual({ mine: 1, queue: 0, all: 1 });
  });

  test('can be reached again once the lead writes', () => {
    const then = told(cut, eventOf('message.created', later));

    expect(unreachable(then)).toBeNull();
  });

  test.each([
    ['an operator', replyOf({ id: 15, created_at: at('10:20') })],
    ['a note', replyOf({ id: 15, author: 'note', status: null, created_at: at('10:20') })],
    ['a message from before', messageOf({ id: 10, created_at: at('10:09') })],
  ])('is not reached by %s', (_, message) => {
    const then = told(cut, eventOf('message.created', message));

    expect(unreachable(then)).toEqual(blocked);
  });

  test('is not cut off again by an answer from before the lead wrote', () => {
    const back = told(
      cut,
      eventOf('message.created', later),
      eventOf('message.created', replyOf({ id: 16, created_at: at('10:21') })),
    );

    const then = after(back, {
      type: 'contacts',
      items: [contactOf({ operator_id: anna, version: 2, unreachable: blocked })],
    });

    expect(unreachable(then)).toBeNull();
  });
});

test('a list that was asked for before a source changed does not put it back', () => {
  const renamed = sourceOf({ name: 'Big shop', updated_at: at('10:05') });

  const desk = told(atAnnas, eventOf('source.updated', renamed));
  const then = after(desk, { type: 'sources', items: [sourceOf(), sourceOf({ id: 4 })] });

  expect([...then.sources.values()].map(({ name }) => name)).toEqual(['Big shop', 'Shop']);
});

test('my own switch is not put back by an older event', () => {
  const paused = operatorOf({ availability: 'paused', updated_at: at('10:05') });

  const desk = after(atAnnas, { type: 'operators', items: [paused] });
  const then = told(desk, eventOf('operator.updated', operatorOf({ updated_at: at('10:01') })));

  expect(desk.me?.availability).toBe('paused');
  expect(then.me?.availability).toBe('paused');
});

describe('erasure', () => {
  const said = messageOf({ text: 'I am Zoe' });
  const bare = {
    version: 9,
    status: 'closed' as const,
    erased_at: at('11:00'),
    last_message: null,
    lead: { ...contactOf().lead, name: null },
  };
  const erased = contactOf(bare);

  test('of an erased contact nothing that was said stays, whoever tells of it', () => {
    const desk = reading(said, messageOf({ text: 'still Zoe' }));
    const other = { ...messageOf({ text: 'of another' }), contact_id: 4711 as typeof id };
    const both = after(desk, {
      type: 'messages',
      contactId: other.contact_id,
      items: [other],
      hasOlder: false,
    });

    for (const then of [
      told(both, eventOf('contact.updated', erased)),
      after(both, { type: 'contacts', items: [erased] }),
    ]) {
      expect(JSON.stringify([...then.threads.values(), ...then.contacts.values()])).not.toContain('Zoe');
      expect(thread(then)).toEqual([]);
      expect(then.unread.has(id)).toBe(false);
      expect(then.threads.get(other.contact_id)?.messages).toEqual([other]);
    }
  });

  test('what was on its way when a contact was erased does not come back', () => {
    const desk = told(reading(said), eventOf('contact.updated', erased));

    const late = [
      told(desk, eventOf('message.updated', said), eventOf('contact.closed', contactOf({ version: 8 }))),
      after(desk, { type: 'messages', contactId: id, items: [said], hasOlder: true }),
      after(desk, { type: 'message', item: said }),
      after(desk, { type: 'contacts', items: [contactOf({ version: 8 })] }),
    ];

    for (const then of late) {
      expect(thread(then)).toEqual([]);
      expect(then.contacts.get(id)).toEqual(erased);
    }
  });
});
