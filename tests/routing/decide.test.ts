import { nobody } from '../../src/routing/candidate.ts';
import { expect, test } from 'vitest';
import { decide } from '../../src/routing/decide.ts';
import { Pool } from '../../src/routing/pool.ts';
import {
  manyFacts,
  noDraw,
  operator,
  passingOver,
  someFacts,
  someRules,
  ticketOf,
} from './support/builders.ts';

const tenAndThirty = [someFacts(1, { weight: 10 }), someFacts(2, { weight: 30 })];

test.each([
  [0, 1],
  [9, 1],
  [10, 2],
  [39, 2],
])('of weights 10 and 30 the ticket %i belongs to operator %i', (ticket, id) => {
  const pool = new Pool(someRules(), tenAndThirty);

  const verdict = decide(pool, ticketOf(ticket));

  expect(verdict).toEqual({
    outcome: 'assigned',
    operatorId: id,
    rule: 'strategy',
    ticket,
    totalWeight: 40,
    except: nobody,
  });
});

test('the draw is asked for a ticket below the weight of those who are eligible', () => {
  const pool = new Pool(someRules(), [...tenAndThirty, someFacts(3, { load: 5, maxLoad: 5 })]);
  const asked: number[] = [];

  decide(pool, (below) => {
    asked.push(below);
    return 0;
  });

  expect(asked).toEqual([40]);
});

test('a contact waits without a draw when every operator is full', () => {
  const pool = new Pool(
    someRules(),
    manyFacts(3, () => ({ load: 5, maxLoad: 5 })),
  );

  expect(decide(pool, noDraw)).toEqual({ outcome: 'waiting', totalWeight: 0, except: nobody });
});

test('a contact waits where there are no operators', () => {
  expect(decide(new Pool(someRules(), []), noDraw)).toMatchObject({ outcome: 'waiting' });
});

test('the operator who had the contact before gets it again without a draw', () => {
  const pool = new Pool(someRules(), tenAndThirty);

  const verdict = decide(pool, noDraw, { prefer: operator(1) });

  expect(verdict).toMatchObject({ operatorId: 1, rule: 'prefer_last', ticket: null, totalWeight: 40 });
});

test.each([
  ['is full', someFacts(1, { load: 5, maxLoad: 5 })],
  ['is paused', someFacts(1, { availability: 'paused' })],
  ['has no weight here', someFacts(1, { weight: 0 })],
])('the source chooses when the operator who had the contact before %s', (_, last) => {
  const pool = new Pool(someRules(), [last, someFacts(2)]);

  const verdict = decide(pool, ticketOf(0), { prefer: operator(1) });

  expect(verdict).toMatchObject({ operatorId: 2, rule: 'strategy', ticket: 0 });
});

test('the source chooses when the operator who had the contact before is not of this source', () => {
  const pool = new Pool(someRules(), tenAndThirty);

  expect(decide(pool, ticketOf(0), { prefer: operator(3) })).toMatchObject({
    operatorId: 1,
    rule: 'strategy',
  });
});

test('the releaser is left out of the draw, and the tickets after it move up', () => {
  const pool = new Pool(
    someRules(),
    manyFacts(3, () => ({ weight: 2 })),
  );

  const chosen = [0, 1, 2, 3].map((ticket) =>
    decide(pool, ticketOf(ticket), { except: passingOver(operator(2)) }),
  );

  expect(chosen).toMatchObject(
    [1, 1, 3, 3].map((operatorId) => ({ operatorId, totalWeight: 4, except: passingOver(operator(2)) })),
  );
});

test('whoever is left out does not get it as the last operator either', () => {
  const pool = new Pool(someRules(), tenAndThirty);

  const verdict = decide(pool, ticketOf(0), { prefer: operator(1), except: passingOver(operator(1)) });

  expect(verdict).toMatchObject({ operatorId: 2, rule: 'strategy', ticket: 0, totalWeight: 30 });
});

test('several are left out of the draw in whatever order they are named', () => {
  const pool = new Pool(
    someRules(),
    manyFacts(12, () => ({ weight: 1 })),
  );
  const out = [operator(11), operator(2), operator(10), operator(1)];

  const chosen = [0, 1, 6, 7].map((ticket) =>
    decide(pool, ticketOf(ticket), { except: passingOver(...out) }),
  );

  expect(chosen).toMatchObject([3, 4, 9, 12].map((operatorId) => ({ operatorId, totalWeight: 8 })));
});

test('a contact waits when its releaser is the only one who is eligible', () => {
  const pool = new Pool(someRules(), [someFacts(1), someFacts(2, { isActive: false })]);

  const verdict = decide(pool, noDraw, { except: passingOver(operator(1)), prefer: operator(1) });

  expect(verdict).toEqual({ outcome: 'waiting', totalWeight: 0, except: passingOver(operator(1)) });
});

test('leaving out an operator who is not in the draw changes nothing', () => {
  const pool = new Pool(someRules(), [...tenAndThirty, someFacts(3, { weight: 0 })]);

  const chosen = [operator(3), operator(4)].map((id) =>
    decide(pool, ticketOf(39), { except: passingOver(id) }),
  );

  expect(chosen).toMatchObject([
    { operatorId: 2, totalWeight: 40 },
    { operatorId: 2, totalWeight: 40 },
  ]);
});

test('leaving out an operator leaves the pool as it was', () => {
  const pool = new Pool(someRules(), tenAndThirty);

  decide(pool, ticketOf(0), { except: passingOver(operator(2)) });

  expect(decide(pool, ticketOf(39))).toMatchObject({ operatorId: 2, totalWeight: 40 });
});

test.each([-1, 40, 1.5])('a draw of %d below 40 is a programming error', (ticket) => {
  const pool = new Pool(someRules(), tenAndThirty);

  expect(() => decide(pool, ticketOf(ticket))).toThrow(RangeError);
});

test.each([-1, 30, 1.5])('a draw of %d below 30 is one also beside a releaser', (ticket) => {
  const pool = new Pool(someRules(), tenAndThirty);

  expect(() => decide(pool, ticketOf(ticket), { except: passingOver(operator(1)) })).toThrow(RangeError);
});
