import type { Role } from '../../../src/contract/access.ts';
import type { Operator } from '../../../src/contract/operator.ts';

/** What stands in the form of an operator; a cap that is being retyped may be blank. */
export type OperatorDraft = { name: string; email: string; role: Role; cap: number | '' };

const DEFAULT_CAP = 10;

export function draftOf(operator: Operator | null): OperatorDraft {
  if (operator === null) return { name: '', email: '', role: 'operator', cap: DEFAULT_CAP };
  const { name, email, role, max_load } = operator;
  return { name, email: email ?? '', role, cap: max_load };
}

/** A blank cap goes as it is: the gateway tells the fault at its field. */
export function bodyOf({ name, email, role, cap }: OperatorDraft) {
  return {
    name: name.trim(),
    email: email.trim() === '' ? null : email.trim(),
    role,
    max_load: cap === '' ? Number.NaN : cap,
  };
}
