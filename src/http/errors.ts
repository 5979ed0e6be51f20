import { randomUUID } from 'node:crypto';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { FieldError, ProblemBody } from '../contract/problem.ts';
import { Problem } from '../problem.ts';
import type { z } from 'zod';
import type { Api, RequestContext } from './api.ts';
import type { Gateway } from './gateway.ts';

// A body of 10,000 wrong weights does not get an answer of 10,000 lines.
const MOST_ERRORS = 100;
const LONGEST_PATH = 200;

/** Turns whatever a route throws into a problem (RFC 9457); a bug answers a bare 500 and is logged here, once. */
export function answerProblems(
  api: Api,
  { desk, isUnavailable }: Pick<Gateway, 'desk' | 'isUnavailable'>,
): void {
  api.notFound((c) => showProblem(c, new Problem('not-found'), randomUUID()));
  api.onError((error, c) => {
    const requestId = randomUUID();
    if (error instanceof Problem) return showProblem(c, error, requestId);
    // Nobody is there to read an answer, and nothing is wrong here.
    if (c.req.raw.signal.aborted) return c.body(null, 400);
    const where = { requestId, method: c.req.method, route: c.get('route') };
    if (isUnavailable(error)) {
      desk.log.warn({ err: error, ...where }, 'the database could not answer a request');
      return showProblem(c, new Problem('unavailable', { retryAfter: 1 }), requestId);
    }
    desk.log.error({ err: error, ...where }, 'a request failed');
    return showProblem(c, new Problem('internal'), requestId);
  });
}

function showProblem(c: RequestContext, problem: Problem, requestId: string): Response {
  const { detail, errors, operator, retryAfter } = problem.details;
  const body: ProblemBody = {
    type: `/problems/${problem.code}`,
    code: problem.code,
    title: problem.title,
    status: problem.status,
    ...(detail !== undefined && { detail }),
    request_id: requestId,
    ...(errors !== undefined && { errors }),
    ...(operator !== undefined && { operator }),
  };
  return c.body(JSON.stringify(body), problem.status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...(problem.status === 401 && { 'www-authenticate': 'Bearer realm="leadgate"' }),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  });
}

/** What zod found, one entry for each field; it never repeats what was sent but for names of fields. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  return issues.flatMap(fieldsOf).slice(0, MOST_ERRORS);
}

function fieldsOf(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: 'is not a known field' }));
  return [{ path: pathOf(issue.path), message: issue.message }];
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.').slice(0, LONGEST_PATH).toWellFormed();
}
