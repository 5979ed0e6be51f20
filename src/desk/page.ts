import { invalid } from '../problem.ts';

/** Writes where a list stopped; opaque to whoever gets it. */
export function cursorAfter(...parts: (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Where a list goes on. Throws Problem('invalid') at `cursor` when it is not one of ours of `length` parts. */
export function readCursor(cursor: string | undefined, length = 1): (string | number)[] | null {
  if (cursor === undefined) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isOurs = Array.isArray(parts) && parts.length === length && parts.every(isPart);
    // Written again it must be the same: decoding passes over signs that are none of ours.
    if (isOurs && cursorAfter(...parts) === cursor) return parts;
  } catch {
    // Not JSON: told below like any other foreign text.
  }
  throw invalid('cursor', 'is not a cursor of this list');
}

function isPart(part: unknown): part is string | number {
  return typeof part === 'string' || Number.isSafeInteger(part);
}

/** The id that a list by id goes on below. Throws like `readCursor`. */
export function readIdCursor<Id extends number>(cursor: string | undefined): Id | null {
  const id = readCursor(cursor)?.[0];
  if (id === undefined) return null;
  if (typeof id === 'number' && id > 0) return id as Id;
  throw invalid('cursor', 'is not a cursor of this list');
}

/**
 * A page of a list by id. `rows` holds up to one more than `limit`: that there is one more shows that it goes on.
 */
export function pageById<Row extends { id: number }, View>(
  rows: Row[],
  limit: number,
  view: (row: Row) => View,
): { items: View[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const isLast = rows.length <= limit;
  return { items: shown.map(view), next_cursor: isLast ? null : cursorAfter(shown.at(-1)!.id) };
}
