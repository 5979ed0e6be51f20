import type { RefusalReason } from '../contract/decision.ts';

/**
 * A situation says in one letter for each candidate, by id, why it was refused: short enough to be kept with each
 * decision, and equal where the same ones were free, so that decisions can be counted by it.
 */
const letters: Record<RefusalReason, string> = {
  'source-inactive': 's',
  inactive: 'i',
  paused: 'p',
  offline: 'o',
  'zero-weight': 'z',
  'at-cap': 'c',
  'released-by': 'r',
  declined: 'd',
  'offer-expired': 'x',
  'older-first': 'y',
};

const FREE = '.';

const reasons = new Map<string, RefusalReason | null>([
  [FREE, null],
  ...Object.entries(letters).map(([reason, letter]) => [letter, reason as RefusalReason] as const),
]);

/** Beyond so many candidates a situation is not kept. */
export const SITUATION_LIMIT = 1_000;

export function codeOf(reason: RefusalReason | null): number {
  return (reason === null ? FREE : letters[reason]).charCodeAt(0);
}

/** Why each candidate was refused, by id; null for one that was eligible. Throws on a letter that says nothing. */
export function readSituation(situation: string): (RefusalReason | null)[] {
  return Array.from(situation, (letter) => {
    const reason = reasons.get(letter);
    if (reason === undefined) throw new Error(`${JSON.stringify(letter)} says nothing of a candidate`);
    return reason;
  });
}
