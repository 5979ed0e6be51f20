import { expect, test } from 'vitest';
import { RefusalReason } from '../../src/contract/decision.ts';
import { type Facts, refusalOf } from '../../src/routing/candidate.ts';
import { someFacts, someRules } from './support/builders.ts';

test('an operator with weight and a free seat is eligible', () => {
  expect(refusalOf(someRules(), someFacts(1, { load: 4, maxLoad: 5 }))).toBeNull();
});

test.each<[RefusalReason, Partial<Facts>]>([
  ['inactive', { isActive: false }],
  ['paused', { availability: 'paused' }],
  ['paused', { availability: 'finishing' }],
  ['zero-weight', { weight: 0 }],
  ['at-cap', { load: 5, maxLoad: 5 }],
  ['at-cap', { load: 6, maxLoad: 5 }],
  ['at-cap', { load: 0, maxLoad: 0 }],
])('an operator is refused as %s when it has %o', (reason, change) => {
  expect(refusalOf(someRules(), someFacts(1, change))).toBe(reason);
});

test('nobody is eligible on a source that is switched off', () => {
  expect(refusalOf(someRules({ isActive: false }), someFacts(1))).toBe('source-inactive');
});

test('being offline matters only where the source asks for presence', () => {
  const offline = someFacts(1, { isOnline: false });

  expect(refusalOf(someRules({ requirePresence: false }), offline)).toBeNull();
  expect(refusalOf(someRules({ requirePresence: true }), offline)).toBe('offline');
});

test('of several reasons the first in the order of the contract is told', () => {
  let rules = someRules({ isActive: false, requirePresence: true });
  let facts = someFacts(1, {
    isActive: false,
    availability: 'paused',
    isOnline: false,
    weight: 0,
    maxLoad: 0,
  });
  const told = [refusalOf(rules, facts)];

  rules = { ...rules, isActive: true };
  told.push(refusalOf(rules, facts));
  const cures = [
    { isActive: true },
    { availability: 'available' },
    { isOnline: true },
    { weight: 1 },
  ] as const;
  for (const cure of cures) {
    facts = { ...facts, ...cure };
    told.push(refusalOf(rules, facts));
  }

  const ofTheOperator = RefusalReason.options.slice(0, RefusalReason.options.indexOf('released-by'));
  expect(told).toEqual(ofTheOperator);
});
