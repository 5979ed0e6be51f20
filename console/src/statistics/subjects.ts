import type { InvariantCheck, InvariantRepair } from '../../../src/contract/invariants.ts';
import { ContactId, OperatorId } from '../../../src/contract/ids.ts';

/** What a breach is about; null for what this console does not know yet. */
export type Subject =
  | { kind: 'operator'; id: OperatorId }
  | { kind: 'contact'; id: ContactId }
  | { kind: 'unknown'; label: string };

/** Reads `operator:7` and `contact:12`. */
export function subjectOf(label: string): Subject {
  const [kind, id] = label.split(':');
  const operator = OperatorId.safeParse(Number(id));
  if (kind === 'operator' && operator.success) return { kind, id: operator.data };
  const contact = ContactId.safeParse(Number(id));
  if (kind === 'contact' && contact.success) return { kind, id: contact.data };
  return { kind: 'unknown', label };
}

/** Whether a repair can do anything about one of these. */
export function isRepairable(checks: readonly InvariantCheck[]): boolean {
  return checks.some(({ name, ok }) => !ok && (name === 'load' || name === 'unserved'));
}

type Repaired = InvariantRepair['repaired'][number];
/** How something stood: a load, or with whom a contact was. */
export type Standing =
  | { kind: 'load'; load: number }
  | { kind: 'contact'; status: string; operatorId: OperatorId | null };

/** How what was repaired stood before, or stands after. */
export function standingOf(figures: Repaired['before']): Standing {
  if (typeof figures.load === 'number') return { kind: 'load', load: figures.load };
  const operatorId = OperatorId.safeParse(figures.operator_id).data ?? null;
  return { kind: 'contact', status: String(figures.status), operatorId };
}
