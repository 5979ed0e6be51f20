import { z } from 'zod';
import { ProblemBody } from '../contract/problem.ts';

const meanings = {
  400: 'Not JSON',
  401: 'No or bad credentials',
  403: 'Not yours to do',
  404: 'Not there, or not for you to see',
  409: 'Conflicts with the present state',
  410: 'Closed for good',
  413: 'The body is over 1 MiB; over 16 KiB where nobody has to say who it is',
  415: 'Not application/json',
  422: 'Fails validation; `errors` names the fields',
  429: 'Too many requests; `Retry-After` says when to come back',
  503: 'It cannot be committed now; nothing was kept',
} as const;
type ProblemStatus = keyof typeof meanings;

const retryAfter = {
  'Retry-After': {
    description: 'Seconds after which another try makes sense',
    schema: { type: 'integer' },
  },
};
const headers: { [S in ProblemStatus]?: Record<string, object> } = {
  401: { 'WWW-Authenticate': { schema: { type: 'string' } } },
  429: retryAfter,
  503: retryAfter,
};

/** The statuses of a route's refusals, for the OpenAPI document. */
export function problems<const S extends ProblemStatus>(...statuses: S[]) {
  const content = { 'application/problem+json': { schema: ProblemBody } };
  const entries = statuses.map((status): [ProblemStatus, object] => [
    status,
    { description: meanings[status], content, ...(headers[status] && { headers: headers[status] }) },
  ]);
  return Object.fromEntries(entries) as unknown as {
    [K in S]: { description: string; content: typeof content };
  };
}

/** An answer in JSON. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** A body in JSON that has to be there. */
export function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

/** A body in JSON that may be left out: all its fields are optional. */
export function optionalBody<S extends z.ZodType>(schema: S) {
  return { required: false, content: { 'application/json': { schema } } } as const;
}

export const noContent = { description: 'Done' };

/** Nothing may be said here. */
export const NoFields = z.strictObject({});

/** What any route with a JSON body can refuse. */
export const bodyProblems = [400, 401, 413, 415, 422] as const;
