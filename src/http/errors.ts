import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { FieldError, ProblemBody } from '../contract/problem.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problem.ts';
import type { z } from 'zod';
import type { Api, RequestContext } from './api.ts';
import type { Gateway } from './gateway.ts';

// A body of 10,000 wrong weights does not get an answer of 10,000 lines.
const MOST_ERRORS = 100;
const LONGEST_PATH = 200;

/**
 * Turns whatever a route throws into a problem (RFC 9457). What is our fault or the database's is logged here, once,
 * with its reason; a bug answers a bare 500.
 */
export function answerProblems(
  api: Api,
  { desk, isUnavailable }: Pick<Gateway, 'desk' | 'isUnavailable'>,
): void {
  api.notFound((c) => showProblem(c, new Problem('not-found')));
  api.onError((error, c) => {
    // Nobody is there to read an answer, and nothing is wrong here.
    if (!(error instanceof Problem) && c.req.raw.signal.aborted) return c.body(null, 400);
    const problem = problemOf(error, isUnavailable);
    if (problem.status >= 500) logFailure(desk.log, c, problem);
    return showProblem(c, problem);
  });
}

function problemOf(error: Error, isUnavailable: Gateway['isUnavailable']): Problem {
  if (error instanceof Problem) return error;
  if (isUnavailable(error)) return new Problem('unavailable', { retryAfter: 1 }, { cause: error });
  return new Problem('internal', {}, { cause: error });
}

/** What can succeed later is a warning; its stack says nothing that its reason does not. */
function logFailure(log: Log, c: RequestContext, { code, status, cause }: Problem): void {
  const where = { method: c.req.method, route: c.get('route') ?? 'other', status, code };
  if (status === 500) log.error({ ...where, err: cause }, 'a request failed');
  // Of these come thousands, and just when there is no time to write; they are counted.
  else if (code === 'overloaded') log.debug(where, 'a request was put off');
  else log.warn({ ...where, ...(cause !== undefined && { err: cause }) }, 'a request was put off');
}

function showProblem(c: RequestContext, problem: Problem): Response {
  const { detail, errors, operator, retryAfter } = problem.details;
  const body: ProblemBody = {
    type: `/problems/${problem.code}`,
    code: problem.code,
    title: problem.title,
    status: problem.status,
    ...(detail !== undefined && { detail }),
    request_id: c.get('requestId'),
    ...(errors !== undefined && { errors }),
    ...(operator !== undefined && { operator }),
  };
  return c.body(JSON.stringify(body), problem.status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
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
