import type { ClientBase } from 'pg';

const names = new Map<string, string>();

/** Marks a statement as one that runs again and again: each connection then parses and plans it once. */
export function prepared(sql: string): string {
  if (!names.has(sql)) names.set(sql, `leadgate_${names.size + 1}`);
  return sql;
}

const committing = new Set<string>();

/**
 * Marks a statement as the last of its transaction: COMMIT is sent right behind it, without waiting for its answer, so
 * that what it locks is not held while the answer travels and this process is busy. One that fails is rolled back.
 */
export function preparedLast(sql: string): string {
  committing.add(prepared(sql));
  return sql;
}

/** Has a connection, which must be one that pipelines, send marked statements under their names. */
export function prepareOn(client: ClientBase): void {
  const query = client.query.bind(client) as (statement: unknown, values?: unknown[]) => Promise<unknown>;
  const byName = (statement: unknown, values?: unknown[]): Promise<unknown> => {
    const name = typeof statement === 'string' ? names.get(statement) : undefined;
    if (name === undefined) return query(statement, values);
    const answer = query({ name, text: statement }, values);
    return committing.has(statement as string) ? afterBoth(answer, query('commit')) : answer;
  };
  Object.assign(client, { query: byName });
}

/** What the statement answers, once it is committed. Where it fails, the server takes COMMIT for ROLLBACK. */
async function afterBoth(answer: Promise<unknown>, commit: Promise<unknown>): Promise<unknown> {
  const [written, ended] = await Promise.allSettled([answer, commit]);
  for (const one of [written, ended]) if (one.status === 'rejected') throw one.reason;
  return answer;
}
