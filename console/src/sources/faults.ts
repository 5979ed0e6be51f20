import i18next from 'i18next';
import type { ProblemCode } from '../../../src/contract/problem.ts';
import { Refusal } from '../api/request.ts';
import { fieldFaults, wordsOf } from '../shell/words.ts';

const taken: Partial<Record<ProblemCode, string>> = {
  'code-taken': 'code',
  'token-in-use': 'token',
  'email-taken': 'email',
};

const worded = [
  'name',
  'code',
  'strategy',
  'on_offline',
  'token',
  'mode',
  'api_root',
  'callback_url',
  'email',
  'max_load',
  'rate_limit',
  'overlap_hours',
  'offer_seconds',
  'reopen_minutes',
  'priority',
  'retention_days',
  'queue_notice',
  'queue_notices',
] as const;

/** The faults of a form in words: at the field when the form has it, else under `form`. */
export function faultsOf(error: unknown, fields: readonly string[]): Record<string, string> {
  if (error === null) return {};
  const words = wordsOf(error);
  const place = error instanceof Refusal ? taken[error.code] : undefined;
  if (place !== undefined && fields.includes(place)) return { [place]: words };
  const told = Object.entries(fieldFaults(error)).filter(([field]) => fields.includes(rootOf(field)));
  if (told.length === 0) return { form: words };
  return Object.fromEntries(told.map(([field, message]) => [field, wordsOfField(field, message)]));
}

function wordsOfField(field: string, message: string): string {
  const known = worded.find((each) => each === rootOf(field));
  // The gateway's own words are English; they stand in where we have none.
  return known === undefined ? message : i18next.t(`rooms:faults.${known}`);
}

/** Of a text in one language, what it is a text of. */
function rootOf(field: string): string {
  return field.split('.')[0] ?? field;
}
