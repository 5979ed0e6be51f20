import type { ClientBase } from 'pg';

const names = new Map<string, string>();

/** Marks a statement as one that runs again and again: each connection then parses and plans it once. */
export function prepared(sql: string): string {
  if (!names.has(sql)) names.set(sql, `leadgate_${names.size + 1}`);
  return sql;
}

/** Has a connection send marked statements under their names. */
export function prepareOn(client: ClientBase): void {
  const query = client.query.bind(client) as (statement: unknown, values?: unknown[]) => unknown;
  const byName = (statement: unknown, values?: unknown[]): unknown => {
    const name = typeof statement === 'string' ? names.get(statement) : undefined;
    return name === undefined ? query(statement, values) : query({ name, text: statement }, values);
  };
  Object.assign(client, { query: byName });
}
