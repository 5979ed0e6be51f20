import type { z } from 'zod';
import { ProblemBody, type ProblemCode } from '../../../src/contract/problem.ts';
import type { Credential } from '../state/session.ts';
import { currentCredential, sessionStore } from './session.ts';

/** The gateway said no: `code` says why, `body` is the whole problem. */
export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly body: ProblemBody | null;
  /** Milliseconds after which it may be asked again; null when the gateway did not say. */
  readonly retryAfter: number | null;

  constructor(code: ProblemCode, body: ProblemBody | null, retryAfter: number | null) {
    super(body?.detail ?? body?.title ?? code);
    this.code = code;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

/** No answer came: whether the gateway did it is not known. */
export class NoAnswer extends Error {}

/** The answer is not what the contract promises: the console and the gateway are of different versions. */
export class BadAnswer extends Error {}

export type Ask = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  signal?: AbortSignal;
  /** Another credential than the present one, to try it before signing in; null: none is needed. */
  as?: Credential | null;
};

/** Asks the gateway. Throws `Refusal`, `NoAnswer` or `BadAnswer`. */
export async function request<T extends z.ZodType>(
  schema: T,
  path: string,
  ask: Ask = {},
): Promise<z.infer<T>> {
  const response = await send(path, ask);
  const body: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new BadAnswer(`${path}: ${parsed.error.message}`);
  return parsed.data;
}

/** Asks the gateway for a file. Throws `Refusal` or `NoAnswer`. */
export async function requestFile(path: string, query: Ask['query']): Promise<Blob> {
  const response = await send(path, { query });
  return response.blob().catch(() => {
    throw new NoAnswer(path);
  });
}

/** The address of a path with a query, for a browser that shows its cookie by itself. */
export function addressOf(path: string, query: Ask['query']): string {
  return `/api/v1${path}${queryOf(query)}`;
}

async function send(path: string, ask: Ask): Promise<Response> {
  const credential = ask.as === undefined ? currentCredential() : ask.as;
  const response = await exchange(path, ask, credential);
  if (response.ok) return response;
  if (response.status === 401 && credential !== null) sessionStore.dispatch({ type: 'refused', credential });
  throw refusalOf(response, await response.json().catch(() => undefined));
}

async function exchange(path: string, ask: Ask, credential: Credential | null): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (credential?.kind === 'token') headers.set('authorization', `Bearer ${credential.token}`);
  if (ask.body !== undefined) headers.set('content-type', 'application/json');
  try {
    return await fetch(addressOf(path, ask.query), {
      method: ask.method ?? 'GET',
      headers,
      body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
      signal: ask.signal,
    });
  } catch (error) {
    if (ask.signal?.aborted === true) throw error;
    throw new NoAnswer(path);
  }
}

function queryOf(query: Ask['query']): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') given.set(name, String(value));
  }
  return given.size === 0 ? '' : `?${given}`;
}

const codeByStatus: Record<number, ProblemCode> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  413: 'too-large',
  422: 'invalid',
  429: 'too-many-requests',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

function refusalOf(response: Response, body: unknown): Refusal {
  const problem = ProblemBody.safeParse(body).data ?? null;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds * 1000 : null;
  // A proxy in between answers in its own words.
  return new Refusal(problem?.code ?? codeByStatus[response.status] ?? 'internal', problem, retryAfter);
}
