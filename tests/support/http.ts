import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedContact } from '../../src/contract/contact.ts';
import type { Operator } from '../../src/contract/operator.ts';
import type { CreatedSource } from '../../src/contract/source.ts';
import { type App, startApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { openLog } from '../../src/log.ts';
import { type Database, readyDatabase } from './desk.ts';
import { type Document, type DocumentCheck, openDocumentCheck } from './document-check.ts';
import { SECRET_KEY } from './gateway.ts';

export const ADMIN_TOKEN = 'an-admin-token-of-the-environment-of-tests';

export type Answer<T = unknown> = {
  status: number;
  headers: Headers;
  text: string;
  /** The body of a JSON answer. */
  json: T;
};

export type Sent = {
  body?: unknown;
  /** The body as it is, in place of JSON. */
  raw?: string | Uint8Array | ReadableStream | FormData | URLSearchParams;
  headers?: Record<string, string>;
};

/** Somebody who calls the gateway; every answer is held against the document that it serves. */
export type Client = {
  <T = unknown>(method: string, path: string, sent?: Sent): Promise<Answer<T>>;
};

export type TestApp = AsyncDisposable & {
  app: App;
  url: string;
  databaseUrl: string;
  document: DocumentCheck;
  /** The admin of `ADMIN_TOKEN`, which acts for no operator. */
  admin: Client;
  /** Whoever holds this token; null: nobody. Paths are below `/api/v1`, or at the root with a leading `//`. */
  as(token: string | null): Client;
};

/** The real gateway on an empty database, listening on a free port. */
export async function startTestApp(
  database: Database,
  settings: Partial<Config> = {},
  consoleFolder?: string,
  log = openLog('silent'),
): Promise<TestApp> {
  await using opening = new AsyncDisposableStack();
  const databaseUrl = settings.databaseUrl ?? opening.use(await readyDatabase(database)).url;
  const app = opening.use(await startApp(testConfig({ databaseUrl, ...settings }), log, { consoleFolder }));
  const answer = await fetch(`${app.url}/openapi.json`);
  const document = openDocumentCheck((await answer.json()) as Document);
  const as = (token: string | null) => clientOf(app.url, document, token);
  const opened = opening.move();
  return {
    app,
    url: app.url,
    databaseUrl,
    document,
    admin: as(ADMIN_TOKEN),
    as,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The settings of a gateway in a test. */
export function testConfig(settings: Partial<Config> & { databaseUrl: string }): Config {
  return {
    ...readConfig({ PORT: '0', ADMIN_TOKEN, ROUTING_SEED: 'a fixed seed' }, String),
    secretKey: Buffer.from(SECRET_KEY, 'base64'),
    // Nothing listens there: a test that talks to Telegram says where its stand-in is.
    telegramApiRoot: 'http://127.0.0.1:9',
    ...settings,
  };
}

function clientOf(url: string, document: DocumentCheck, token: string | null): Client {
  return async (method, path, { body, raw, headers = {} } = {}) => {
    const full = path.startsWith('//') ? path.slice(1) : `/api/v1${path}`;
    const response = await fetch(url + full, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? raw : JSON.stringify(body),
      ...(raw instanceof ReadableStream && { duplex: 'half' }),
    });
    const text = await response.text();
    const contentType = response.headers.get('content-type');
    const { pathname } = new URL(url + full);
    document.check({ method, path: pathname, status: response.status, contentType, text });
    const isJson = /json/.test(contentType ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : null,
    };
  };
}

let names = 0;

/** An operator, made through REST. */
export async function madeOperator(app: TestApp, traits: Record<string, unknown> = {}): Promise<Operator> {
  const { json } = await app.admin<Operator>('POST', '/operators', {
    body: { name: `Operator ${++names}`, ...traits },
  });
  return json;
}

/** A source, made through REST, with the weights of its operators by id. */
export async function madeSource(
  app: TestApp,
  traits: Record<string, unknown> = {},
  weights: Record<number, number> = {},
): Promise<CreatedSource> {
  const code = `source-${++names}`;
  const { json } = await app.admin<CreatedSource>('POST', '/sources', {
    body: { name: code, code, ...traits },
  });
  const operator_weights = Object.entries(weights).map(([id, weight]) => ({
    operator_id: Number(id),
    weight,
  }));
  if (operator_weights.length > 0)
    await app.admin('PUT', `/sources/${json.id}/operators`, { body: { operator_weights } });
  return json;
}

/** A contact of a new lead, or of the one that is named. */
export async function madeContact(
  app: TestApp,
  sourceId: number,
  externalId = `lead-${++names}`,
): Promise<OpenedContact> {
  const { json } = await app.admin<OpenedContact>('POST', '/contacts', {
    body: { external_id: externalId, source_id: sourceId, text: 'hello' },
  });
  return json;
}

/** The client of a new token; with an operator it acts as that one. */
export async function holderOf(app: TestApp, traits: Record<string, unknown>): Promise<Client> {
  const { json } = await app.admin<{ token: string }>('POST', '/tokens', {
    body: { name: 'test', ...traits },
  });
  return app.as(json.token);
}

/** A folder of its own. */
export async function freshFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'leadgate-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
