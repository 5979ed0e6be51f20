import type { Writable } from 'node:stream';
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
type Query = (statement: unknown, values: unknown[] | undefined, callback: Callback) => void;

const BEGIN = 'begin';
const BEGUN = { command: 'BEGIN', rowCount: null, rows: [] };

/**
 * Has a connection, which must be one that pipelines, send marked statements under their names, and BEGIN together with
 * such a one: a round trip wakes two processes, which costs more than most statements. Should the server refuse BEGIN
 * alone, that statement runs by itself; every other one, and the last of a transaction, waits until it has begun.
 */
export function prepareOn(client: ClientBase): void {
  const query = client.query.bind(client) as Query;
  const ask = (statement: unknown, values?: unknown[]): Promise<unknown> =>
    answerTo(query, statement, values);
  let isOpening = false;
  let beginning: Promise<unknown> | undefined;

  function send(statement: unknown, values?: unknown[]): Promise<unknown> {
    const name = typeof statement === 'string' ? names.get(statement) : undefined;
    if (name === undefined) return ask(statement, values);
    const named = { name, text: statement };
    if (!committing.has(statement as string)) return ask(named, values);
    return inOneWrite(() => sendLast(query, named, values));
  }

  function begin(): Promise<unknown> {
    isOpening = true;
    return Promise.resolve(BEGUN);
  }

  function sendFirst(statement: unknown, values?: unknown[]): Promise<unknown> {
    isOpening = false;
    if (names.has(statement as string) && !committing.has(statement as string))
      return inOneWrite(() => bothOf(ask(BEGIN), send(statement, values)));
    beginning = ask(BEGIN).finally(() => (beginning = undefined));
    return sendOnceBegun(beginning, statement, values);
  }

  async function sendOnceBegun(
    begun: Promise<unknown>,
    statement: unknown,
    values?: unknown[],
  ): Promise<unknown> {
    await begun;
    return send(statement, values);
  }

  function inOneWrite<T>(sendAll: () => T): T {
    const { stream } = (client as ClientBase & { connection: { stream: Writable } }).connection;
    stream.cork();
    try {
      return sendAll();
    } finally {
      stream.uncork();
    }
  }

  Object.assign(client, {
    query(statement: unknown, values?: unknown[]): Promise<unknown> {
      if (statement === BEGIN) return begin();
      if (isOpening) return sendFirst(statement, values);
      return beginning === undefined ? send(statement, values) : sendOnceBegun(beginning, statement, values);
    },
  });
}

/**
 * What a statement answers. It is asked for by callback: of an answer that pg promises by itself V8 keeps every row until
 * its next full collection, and each minor one copies them.
 */
function answerTo(query: Query, statement: unknown, values?: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    query(statement, values, (error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });
}

/** What the statement answers, once it is committed. Where it fails, the server takes COMMIT for ROLLBACK. */
async function sendLast(query: Query, statement: object, values?: unknown[]): Promise<unknown> {
  const answer = Promise.withResolvers<unknown>();
  let isRefused = false;
  query(statement, values, (error, result) => {
    isRefused = error !== null;
    if (error === null) answer.resolve(result);
    else answer.reject(error);
  });
  // What could not even be sent has failed by now: COMMIT would commit what came before it.
  if (isRefused) return answer.promise;
  const committed = answerTo(query, 'commit');
  return bothOf(committed, answer.promise);
}

/** The answer of the second, once both have ended well; the error of the second counts more than that of the first. */
async function bothOf(first: Promise<unknown>, second: Promise<unknown>): Promise<unknown> {
  const [one, other] = await Promise.allSettled([first, second]);
  for (const ended of [other, one]) if (ended.status === 'rejected') throw ended.reason;
  return second;
}
