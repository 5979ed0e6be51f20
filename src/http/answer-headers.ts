import type { MiddlewareHandler } from 'hono';
import type { Env } from './api.ts';
import type { Gateway } from './gateway.ts';

// Half a year; other hosts of the domain are not ours to bind.
const ONLY_HTTPS = 'max-age=15552000';

/**
 * What every answer says to browsers: it is what it says it is, no page may hold or run it, its address is nobody
 * else's business. Pages have a policy of their own, which takes the place of this one.
 */
export function guardAnswers({ client }: Pick<Gateway, 'client'>): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { incoming, outgoing } = c.env;
    // Straight on Node's answer: a header set by Hono costs every small answer its shortest way.
    outgoing.setHeader('x-content-type-options', 'nosniff');
    outgoing.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    outgoing.setHeader('referrer-policy', 'no-referrer');
    if (client.isSecure(incoming)) outgoing.setHeader('strict-transport-security', ONLY_HTTPS);
    await next();
  };
}
