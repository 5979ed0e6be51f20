import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { type Log, whileAnswering } from '../log.ts';
import type { Env, RequestContext } from './api.ts';
import type { Gateway } from './gateway.ts';

const SANE_ID = /^[\w-]{1,64}$/;

/**
 * Gives each request its id: the caller's own `X-Request-Id` where that is a plain word of up to 64 characters. The
 * answer carries it, and so does every line that is logged on the way. Counts the answer, and at the level `debug`
 * logs it by its route: never by the address, a body or a credential.
 */
export function watchRequests({ desk, metrics }: Pick<Gateway, 'desk' | 'metrics'>): MiddlewareHandler<Env> {
  const tell = desk.log.isLevelEnabled('debug') ? answerTeller(desk.log) : null;
  return (c, next) => {
    const requestId = requestIdOf(c.env.incoming.headers['x-request-id']);
    c.set('requestId', requestId);
    // Straight on Node's answer: a header set by Hono costs every small answer its shortest way.
    c.env.outgoing.setHeader('x-request-id', requestId);
    const startedAt = tell === null ? 0 : performance.now();
    return whileAnswering(requestId, async () => {
      await next();
      metrics.answered(c.req.method, routeOf(c), c.res.status);
      tell?.(c, performance.now() - startedAt);
    });
  };
}

function answerTeller(log: Log): (c: RequestContext, ms: number) => void {
  return (c, ms) =>
    log.debug(
      { method: c.req.method, route: routeOf(c), status: c.res.status, ms: Number(ms.toFixed(1)) },
      'answered',
    );
}

function routeOf(c: RequestContext): string {
  return c.get('route') ?? 'other';
}

function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
}
