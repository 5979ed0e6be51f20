import fc from 'fast-check';
import { arbitraryOf, type Meanings, type Schema } from './arbitrary.ts';
import { spoils } from './broken.ts';
import type { Stage } from './examples.ts';
import { type Ground, openGround } from './fuzz-ground.ts';
import { idempotencyKey, inQuery } from './fuzz-meanings.ts';
import { filledPath, type Operation } from './operations.ts';
import { openWire, type RawAnswer, type RawRequest } from './raw-request.ts';

/** What was generated of a request; what it is done to is made right before it is sent. */
export type Good = {
  query: Record<string, unknown>;
  body: Record<string, unknown> | undefined;
  key: string | undefined;
};

/** A request and what came. */
export type Exchange = { raw: RawRequest; answer: RawAnswer };

type Spoil = (raw: RawRequest) => RawRequest;

// A stack, a path of ours, a statement, or what a database says.
const INSIDE =
  /\bat (?:async )?\S+ \([^)\s]+:\d+:\d+\)|node_modules|file:\/\/\/|\/src\/|\bselect .+ from\b|\binsert into\b|\bupdate .+ set\b|SQLITE_|syntax error at or near|violates .+ constraint|MikroORM|better-sqlite3/i;

/** What an answer tells of the gateway's inside, null when it is nothing. */
export function leakIn(text: string): string | null {
  return INSIDE.exec(text)?.[0] ?? null;
}

/** Requests that the document allows. */
export function goodRequests(
  { meanings }: Ground,
  { query, schema, method, id }: Operation,
): fc.Arbitrary<Good> {
  const questions = Object.fromEntries(
    query
      .filter(({ name }) => inQuery[name] !== null)
      .map(({ name, schema: field }) => [
        name,
        inQuery[name] ?? meanings[name] ?? arbitraryOf(field, meanings),
      ]),
  );
  return fc.record({
    query: fc.record(questions, { requiredKeys: [], noNullPrototype: true }),
    body: schema === undefined ? fc.constant(undefined) : bodyOf(schema, { ...meanings, ...ownOf(id) }),
    key: method === 'POST' ? idempotencyKey : fc.constant(undefined),
  });
}

/** Fields whose names mean something else here. */
function ownOf(id: string): Meanings {
  switch (id) {
    case 'receiveHook':
      return { email: fc.jsonValue(), language: fc.jsonValue() };
    case 'setUp':
    case 'signIn':
      return { email: fc.constant('replaced@example.com') };
    default:
      return {};
  }
}

function bodyOf(schema: Schema, meanings: Meanings): fc.Arbitrary<Record<string, unknown>> {
  return arbitraryOf(schema, meanings) as fc.Arbitrary<Record<string, unknown>>;
}

/** Sends to the gateway of the stage and counts what comes. */
export async function openFuzzer(stage: Stage) {
  const { app } = stage;
  const ground = await openGround(stage);
  const wire = openWire(app.url);
  const counts = new Map<string, number>();
  const refusals = new Map<string, string>();
  let [sent, passed] = [0, 0];

  async function rawOf(operation: Operation, good: Good): Promise<RawRequest> {
    const { ids, headers, settle, code } = await ground.ready(operation);
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(good.query)) query.set(name, String(value));
    const path = filledPath(operation, ids).replace('{source_code}', code);
    return {
      method: operation.method,
      path: query.size === 0 ? path : `${path}?${query.toString()}`,
      headers: {
        ...headers,
        ...(good.body !== undefined && { 'content-type': 'application/json' }),
        ...(good.key !== undefined && { 'idempotency-key': good.key }),
      },
      body: good.body && JSON.stringify(settle(good.body)),
    };
  }

  async function send(operation: Operation, raw: RawRequest): Promise<Exchange> {
    const answer = await wire.send(raw);
    sent += 1;
    if (answer.status < 300) {
      passed += 1;
      counts.set(operation.id, (counts.get(operation.id) ?? 0) + 1);
    } else
      refusals.set(
        operation.id,
        `${answer.status} ${answer.text.slice(0, 300)} for ${raw.path} ${String(raw.body)}`,
      );
    return { raw, answer };
  }

  return {
    ground,
    sent: () => sent,
    passed: () => passed,
    accepted: ({ id }: Operation) => counts.get(id) ?? 0,
    lastRefusal: ({ id }: Operation) => refusals.get(id),
    /** Every answer to what is well formed is one that the document lists. */
    async sendGood(operation: Operation, good: Good): Promise<Exchange> {
      const { raw, answer } = await send(operation, await rawOf(operation, good));
      app.document.check({ ...answer, method: raw.method, path: raw.path.split('?')[0]! });
      return { raw, answer };
    },
    brokenRequests: (operation: Operation): fc.Arbitrary<{ good: Good; spoil: Spoil }> =>
      fc.record({ good: goodRequests(ground, operation), spoil: spoils }),
    sendBroken: async (operation: Operation, good: Good, spoil: Spoil): Promise<Exchange> =>
      send(operation, spoil(await rawOf(operation, good))),
    [Symbol.dispose]: () => wire[Symbol.dispose](),
  };
}
