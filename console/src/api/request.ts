import type { z } from 'zod';
import { ProblemBody, type ProblemCode } from '../../../src/contract/problem.ts';
import { currentToken, sessionStore } from './session.ts';

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
  /** Another token than that of the session: to try it before signing in. */
  token?: string;
};

/** Asks the gateway. Throws `Refusal`, `NoAnswer` or `BadAnswer`. */
export async function request<T extends z.ZodType>(
  schema: T,
  path: string,
  ask: Ask = {},
): Promise<z.infer<T>> {
  const token = ask.token ?? currentToken();
  const response = await send(path, ask, token);
  const body: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) {
    const isOurs = ask.token === undefined && token === currentToken();
    if (response.status === 401 && isOurs) sessionStore.dispatch({ type: 'refused' });
    throw refusalOf(response, body);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new BadAnswer(`${path}: ${parsed.error.message}`);
  return parsed.data;
}

async function send(path: string, ask: Ask, token: string | null): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  if (ask.body !== undefined) headers.set('content-type', 'application/json');
  try {
    return await fetch(`/api/v1${path}${queryOf(ask.query)}`, {
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
