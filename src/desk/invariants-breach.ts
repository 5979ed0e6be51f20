import type { ContactId, OperatorId, SourceId } from '../contract/ids.ts';

type Subject = { kind: 'operator'; id: OperatorId } | { kind: 'contact'; id: ContactId; sourceId: SourceId };

/** Something that must not be, in a sentence with its numbers and without a word of anybody's. */
export type Breach = { subject: Subject; detail: string };

/** So many of a kind are kept at most; how many more there are does not change what has to be done. */
export const KEPT = 1_000;

/** How a subject stands in answers, logs and the audit. */
export function subjectLabel({ subject: { kind, id } }: Breach): string {
  return `${kind}:${id}`;
}
