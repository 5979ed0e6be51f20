import i18next from 'i18next';
import { BadAnswer, Refusal } from '../api/request.ts';

/** What went wrong, in words for the person at the desk. */
export function wordsOf(error: unknown): string {
  const t = i18next.getFixedT(null, 'problems');
  if (error instanceof BadAnswer) return t('bad-answer');
  if (!(error instanceof Refusal)) return t('no-answer');
  if (error.code === 'already-taken' && error.body?.operator !== undefined)
    return t('taken-by', { name: error.body.operator.name });
  if (error.code === 'too-many-requests' && error.retryAfter !== null)
    return t('retry-in', { count: Math.ceil(error.retryAfter / 1000) });
  return t(error.code);
}

/**
 * The faults of a form by the name of the field, and by its whole path where that is longer; paths are `name`,
 * `greetings.ru` or `/telegram/token`.
 */
export function fieldFaults(error: unknown): Record<string, string> {
  if (!(error instanceof Refusal)) return {};
  const faults = error.body?.errors ?? [];
  return Object.fromEntries(
    faults.flatMap(({ path, message }) => [
      [path.split(/[./]/).at(-1) ?? path, message],
      [path, message],
    ]),
  );
}
