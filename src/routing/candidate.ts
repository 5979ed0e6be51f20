import type { PassedOver, RefusalReason, Strategy } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import type { Availability } from '../contract/operator.ts';

/** One operator as a source sees it at the moment of a decision; `weight` is the operator's weight on that source. */
export type Facts = Readonly<{
  operatorId: OperatorId;
  weight: number;
  isActive: boolean;
  availability: Availability;
  isOnline: boolean;
  load: number;
  maxLoad: number;
}>;

/** Whom a contact passes over, and why; they may get others. */
export type Excluded = ReadonlyMap<OperatorId, PassedOver>;

/** A contact that may go to anybody. */
export const nobody: Excluded = new Map();

/** What a source says about all of its candidates. */
export type SourceRules = Readonly<{
  isActive: boolean;
  requirePresence: boolean;
  strategy: Strategy;
}>;

/**
 * The first reason, in the contract's order, for which the operator gets nothing now; null when it is eligible.
 * Never one that passes it over or `older-first`: these are matters of the contact, not of the operator.
 */
export function refusalOf(rules: SourceRules, facts: Facts): RefusalReason | null {
  if (!rules.isActive) return 'source-inactive';
  if (!facts.isActive) return 'inactive';
  if (facts.availability !== 'available') return 'paused';
  if (rules.requirePresence && !facts.isOnline) return 'offline';
  return refusalByNumbers(facts.weight, facts.load, facts.maxLoad);
}

/** The part of `refusalOf` that a record of a decision shows by its own numbers. */
export function refusalByNumbers(
  weight: number,
  load: number,
  maxLoad: number,
): 'zero-weight' | 'at-cap' | null {
  if (weight === 0) return 'zero-weight';
  if (load >= maxLoad) return 'at-cap';
  return null;
}
