import { Decision, PassedOver, type Strategy } from '../../../src/contract/decision.ts';
import { OperatorId } from '../../../src/contract/ids.ts';
import type { Excluded, Facts, SourceRules } from '../../../src/routing/candidate.ts';
import type { Verdict } from '../../../src/routing/decide.ts';
import type { Explanation } from '../../../src/routing/explain.ts';
import type { Draw } from '../../../src/routing/strategy.ts';

/** The id of operator number n. */
export function operator(n: number): OperatorId {
  return OperatorId.parse(n);
}

/** Contacts that these have given back, declined or let expire, in turns. */
export function passingOver(...ids: OperatorId[]): Excluded {
  const reasons = PassedOver.options;
  return new Map(ids.map((id, index) => [id, reasons[index % reasons.length]!]));
}

/** A running source that asks for nothing special. */
export function someRules(change: Partial<SourceRules> = {}): SourceRules {
  return { isActive: true, requirePresence: false, strategy: 'weighted_random', ...change };
}

/** An operator that may get contacts: weight 10, load 0 of 5. */
export function someFacts(n: number, change: Partial<Facts> = {}): Facts {
  return {
    operatorId: operator(n),
    weight: 10,
    isActive: true,
    availability: 'available',
    isOnline: true,
    load: 0,
    maxLoad: 5,
    ...change,
  };
}

/** So many operators that may get contacts, with the ids 1 … count. */
export function manyFacts(count: number, change: (n: number) => Partial<Facts> = () => ({})): Facts[] {
  return Array.from({ length: count }, (_, place) => someFacts(place + 1, change(place + 1)));
}

/** A draw that always gives this ticket. */
export function ticketOf(ticket: number): Draw {
  return () => ticket;
}

/** A draw that must not be asked. */
export const noDraw: Draw = () => {
  throw new Error('nothing is to be drawn here');
};

/** The chosen operator, null for a contact that waits. */
export function chosenBy(verdict: Verdict): OperatorId | null {
  return verdict.outcome === 'assigned' ? verdict.operatorId : null;
}

/** The record that the contract keeps of an explained verdict. */
export function recordOf(explanation: Explanation, strategy: Strategy = 'weighted_random'): Decision {
  return Decision.parse({
    id: 1,
    at: '2026-01-01T00:00:00.000Z',
    strategy,
    trigger: 'arrival',
    config_version: 1,
    ...explanation,
  });
}
