import type { RouteConfig, RouteHandler } from '@hono/zod-openapi';
import type { Handler } from 'hono';
import { z } from 'zod';
import type { FieldError } from '../contract/problem.ts';
import { Problem } from '../problem.ts';
import type { Api, Env, RequestContext } from './api.ts';
import { readJson } from './body.ts';
import { fieldErrors } from './errors.ts';

type Method = RouteConfig['method'];
type Check = (c: RequestContext) => FieldError[];
type CheckBody = (c: RequestContext) => Promise<FieldError[]>;

/**
 * Adds a route with its place in the OpenAPI document. What the handler reads by `c.req.valid` has been checked, all of
 * it together, and everything that is wrong is told in one answer; fields that are not named are refused. `aliases` are
 * other methods for the same thing. Validation is ours and not the library's: it is compiled once, runs without an
 * await where there is no body, and takes an empty body for no body.
 */
export function addRoute<R extends RouteConfig>(
  api: Api,
  route: R,
  handler: RouteHandler<R, Env>,
  ...aliases: Method[]
): void {
  const check = checkOf(route);
  const checkBody = checkBodyOf(route);
  const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  for (const method of [route.method, ...aliases]) {
    api.openAPIRegistry.registerPath({ ...route, ...(method !== route.method && aliasOf(route, method)) });
    api.on(method, path, async (c, next) => {
      c.set('route', route.path);
      const errors = check(c);
      if (checkBody !== null) {
        errors.push(...(await checkBody(c)));
        if (c.get('actor') !== undefined) c.set('actor', await c.get('actorNow')());
      }
      if (errors.length > 0) throw new Problem('invalid', { errors });
      return (handler as Handler<Env>)(c, next);
    });
  }
}

function aliasOf(route: RouteConfig, method: Method): Partial<RouteConfig> {
  return {
    method,
    operationId: `${route.operationId}By${method[0]!.toUpperCase()}${method.slice(1)}`,
    summary: `${route.summary} (the same as ${route.method.toUpperCase()})`,
  };
}

function checkOf({ request = {} }: RouteConfig): Check {
  const params = request.params as z.ZodType | undefined;
  const query = (request.query ?? z.strictObject({})) as z.ZodType;
  const headers = request.headers as z.ZodObject | undefined;
  const headerNames = headers === undefined ? [] : Object.keys(headers.shape);
  return (c) => {
    const errors: FieldError[] = [];
    if (params !== undefined) errors.push(...take(c, 'param', params, c.req.param()));
    if (request.query !== undefined || c.req.url.includes('?'))
      errors.push(...take(c, 'query', query, queryOf(c)));
    if (headers !== undefined) {
      const given = Object.fromEntries(headerNames.map((name) => [name, c.req.header(name)]));
      errors.push(...take(c, 'header', headers, given));
    }
    return errors;
  };
}

function checkBodyOf({ request }: RouteConfig): CheckBody | null {
  const content = request?.body?.content['application/json'] as { schema: z.ZodType } | undefined;
  if (content === undefined) return null;
  const isRequired = request?.body?.required === true;
  return async (c) => {
    const body = await readJson(c, isRequired);
    return take(c, 'json', content.schema, body === undefined ? {} : body);
  };
}

function take(
  c: RequestContext,
  target: 'param' | 'query' | 'header' | 'json',
  schema: z.ZodType,
  value: unknown,
): FieldError[] {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return fieldErrors(parsed.error.issues);
  c.req.addValidatedData(target, parsed.data as object);
  return [];
}

// A name that is given twice stays a list, which no field takes.
function queryOf(c: RequestContext): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? values[0]! : values,
    ]),
  );
}
