import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Authenticate } from '../desk/authenticate.ts';
import { Problem } from '../problem.ts';
import type { Env } from './api.ts';

/** Lets in who shows a good token and says who it is. Throws Problem('unauthorized'). */
export function requireActor(authenticate: Authenticate): MiddlewareHandler<Env> {
  return async (c, next) => {
    const secret = bearerIn(c.req.header('authorization'));
    const actor = secret === null ? null : await authenticate(secret);
    if (actor === null) throw new Problem('unauthorized');
    c.set('actor', actor);
    await next();
  };
}

/** The token of an `Authorization` header (RFC 6750), null when it holds none. */
export function bearerIn(header: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}

/** Compares digests, which have one length: neither the secret nor how long it is shows in the time it takes. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
