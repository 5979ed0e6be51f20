import type { Period } from '../contract/stats.ts';

/** The condition that a contact was created in a half-open period, with its parameters; for plain SQL. */
export function createdWithin({ from, to }: Period): { sql: string; params: Date[] } {
  const bounds = [
    { sql: 'created_at >= ?', at: from },
    { sql: 'created_at < ?', at: to },
  ].filter(({ at }) => at !== undefined);
  return {
    sql: bounds.length === 0 ? 'true' : bounds.map(({ sql }) => sql).join(' and '),
    params: bounds.map(({ at }) => new Date(at!)),
  };
}
