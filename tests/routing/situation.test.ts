import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RefusalReason } from '../../src/contract/decision.ts';
import { type Excluded, type Facts, nobody, refusalOf } from '../../src/routing/candidate.ts';
import { Pool } from '../../src/routing/pool.ts';
import { codeOf, readSituation, SITUATION_LIMIT } from '../../src/routing/situation.ts';
import { manyFacts, operator, passingOver, someFacts, someRules } from './support/builders.ts';

const everyReason = [null, ...RefusalReason.options];

test('each reason has a letter of its own, and reads back', () => {
  const situation = String.fromCharCode(...everyReason.map(codeOf));

  expect(situation).toHaveLength(everyReason.length);
  expect(readSituation(situation)).toEqual(everyReason);
});

test('the letters are those of the situations that are kept already', () => {
  const letters = everyReason.map((reason) => [reason, String.fromCharCode(codeOf(reason))]);

  expect(letters).toEqual([
    [null, '.'],
    ['source-inactive', 's'],
    ['inactive', 'i'],
    ['paused', 'p'],
    ['offline', 'o'],
    ['zero-weight', 'z'],
    ['at-cap', 'c'],
    ['released-by', 'r'],
    ['declined', 'd'],
    ['offer-expired', 'x'],
    ['older-first', 'y'],
  ]);
});

test('nobody at all is a situation as well', () => {
  expect(readSituation('')).toEqual([]);
  expect(new Pool(someRules(), []).situation(nobody)).toBe('');
});

test('a letter that says nothing is named', () => {
  expect(() => readSituation('.c"')).toThrow(String.raw`"\"" says nothing of a candidate`);
});

test('the situation of a pool says for each candidate by id why it gets nothing', () => {
  const pool = new Pool(someRules({ requirePresence: true }), [
    someFacts(60, { load: 5 }),
    someFacts(20, { availability: 'paused' }),
    someFacts(10, { isActive: false }),
    someFacts(40),
    someFacts(30, { isOnline: false }),
    someFacts(50, { weight: 0 }),
  ]);

  expect(pool.situation(nobody)).toBe('ipo.zc');
});

test('whom a contact passes over is told as such where it would have been free, for that contact alone', () => {
  const pool = new Pool(
    someRules(),
    manyFacts(5, (n) => ({ load: n === 3 ? 5 : 0 })),
  );
  const except: Excluded = new Map([
    [operator(2), 'declined'],
    [operator(3), 'declined'],
    [operator(4), 'offer-expired'],
    [operator(5), 'released-by'],
    [operator(6), 'released-by'],
  ]);

  expect(pool.situation(except)).toBe('.dcxr');
  expect(pool.situation(nobody)).toBe('..c..');
});

test('the situation follows the loads, and says what a pool built afresh would say', () => {
  const someTeam = fc.array(fc.record({ load: fc.nat({ max: 3 }), maxLoad: fc.nat({ max: 3 }) }), {
    maxLength: 20,
  });
  const someLoads = fc.array(fc.record({ of: fc.nat({ max: 20 }), load: fc.nat({ max: 3 }) }));
  const someExcept = fc.array(fc.nat({ max: 20 }), { maxLength: 3 });
  fc.assert(
    fc.property(someTeam, someLoads, someExcept, (team, loads, left) => {
      const now: Facts[] = team.map((one, place) => someFacts(place + 1, one));
      const pool = new Pool(someRules(), now);
      for (const { of, load } of loads) {
        pool.setLoad(operator(of + 1), load);
        if (of < now.length) now[of] = { ...now[of]!, load };
      }
      const except = passingOver(...left.map((place) => operator(place + 1)));

      const reasons = now.map((one) => refusalOf(someRules(), one) ?? except.get(one.operatorId) ?? null);
      expect(readSituation(pool.situation(except)!)).toEqual(reasons);
    }),
  );
});

test('up to 1,000 candidates a situation is told, and none beyond', () => {
  expect(SITUATION_LIMIT).toBe(1_000);
  expect(new Pool(someRules(), manyFacts(1_000)).situation(nobody)).toBe('.'.repeat(1_000));
  expect(new Pool(someRules(), manyFacts(1_001)).situation(nobody)).toBeNull();
});
