import type { MiddlewareHandler } from 'hono';
import type { Actor } from '../desk/actor.ts';
import type { Shown } from '../desk/authenticate.ts';
import { Problem } from '../problem.ts';
import type { Env, RequestContext } from './api.ts';
import type { Gateway } from './gateway.ts';
import { checkSameSite } from './same-site.ts';

type Door = Pick<Gateway, 'authenticate' | 'client' | 'limits'>;

/**
 * Lets in who shows a good token or the cookie of a session, and says who it is. Throws
 * Problem('unauthorized'), Problem('too-many-requests'), or Problem('cross-site') where a browser sends the cookie for
 * another site.
 */
export function requireActor(door: Door): MiddlewareHandler<Env> {
  return async (c, next) => {
    const shown = shownIn(c, door);
    const address = door.client.addressOf(c.env.incoming);
    const ask = async (purpose: 'use' | 'check'): Promise<Actor> => {
      const actor = shown === null ? null : await door.authenticate(shown, purpose);
      if (actor === null) throw new Problem('unauthorized');
      return cameFrom(actor, address);
    };
    const actor = await ask('use');
    await door.limits.ofCaller(actor);
    c.set('actor', actor);
    c.set('actorNow', () => ask('check'));
    await next();
  };
}

/** Whoever shows a token is not taken for the browser that it may run in. */
function shownIn(c: RequestContext, { client }: Door): Shown | null {
  const header = c.req.header('authorization');
  if (header !== undefined) {
    const secret = bearerIn(header);
    return secret === null ? null : { kind: 'token', secret };
  }
  const session = client.sessionOf(c.env.incoming);
  if (session !== null) checkSameSite(c, client);
  return session;
}

function cameFrom(actor: Actor, address: string | null): Actor {
  return actor.kind === 'caller' ? { ...actor, address } : actor;
}

/** The token of an `Authorization` header (RFC 6750), null when it holds none. */
export function bearerIn(header: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}
