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

type Callback = (error: Error | null, result?: unknown) => void;
type Query = (statement: unknown, values?: unknown[], callback?: Callback) => Promise<unknown>;

/** Has a connection, which must be one that pipelines, send marked statements under their names. */
export function prepareOn(client: ClientBase): void {
  const query = client.query.bind(client) as Query;
  const byName = (statement: unknown, values?: unknown[]): Promise<unknown> => {
    const name = typeof statement === 'string' ? names.get(statement) : undefined;
    if (name === undefined) return query(statement, values);
    const named = { name, text: statement };
    return committing.has(statement as string) ? sendLast(query, named, values) : query(named, values);
  };
  Object.assign(client, { query: byName });
}

/** What the statement answers, once it is committed. Where it fails, the server takes COMMIT for ROLLBACK. */
async function sendLast(query: Query, statement: object, values?: unknown[]): Promise<unknown> {
  const answer = Promise.withResolvers<unknown>();
  let isRefused = false;
  void query(statement, values, (error, result) => {
    isRefused = error !== null;
    if (error === null) answer.resolve(result);
    else answer.reject(error);
  });
  // What could not even be sent has failed by now: COMMIT would commit what came before it.
  if (isRefused) return answer.promise;
  const [written, ended] = await Promise.allSettled([answer.promise, query('commit')]);
  for (const one of [written, ended]) if (one.status === 'rejected') throw one.reason;
  return answer.promise;
}
