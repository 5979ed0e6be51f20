import { isDeepStrictEqual } from 'node:util';

type Fields = Record<string, unknown>;

/** Of two states of a thing the fields that differ; null stands for a state in which it is not there. */
export function changedFields(
  before: unknown,
  after: unknown,
): { before: Fields | null; after: Fields | null } {
  const [old, present] = [fieldsOf(before), fieldsOf(after)];
  if (old === null || present === null) return { before: old, after: present };
  const names = [...new Set([...Object.keys(old), ...Object.keys(present)])];
  const differing = names.filter((name) => !isDeepStrictEqual(old[name], present[name]));
  return { before: pick(old, differing), after: pick(present, differing) };
}

/** A list of pairs, as the weights of a source are kept, has their first parts for names. */
function fieldsOf(state: unknown): Fields | null {
  if (state === null) return null;
  return Array.isArray(state) ? Object.fromEntries(state as [PropertyKey, unknown][]) : (state as Fields);
}

function pick(fields: Fields, names: string[]): Fields {
  return Object.fromEntries(names.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])));
}
