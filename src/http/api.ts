import type { HttpBindings } from '@hono/node-server';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Actor } from '../desk/actor.ts';

export type Env = {
  Bindings: HttpBindings;
  Variables: {
    /** Who acts; set on every route below `/api/v1`. */
    actor: Actor;
    /** Who acts by now: who took long to send a body may have lost the right meanwhile. Throws Problem('unauthorized'). */
    actorNow: () => Promise<Actor>;
    /** The path of the route below its base, for the metrics. */
    route: string;
    /** The id of the request, in its answer and in every line that is logged of it. */
    requestId: string;
  };
};

export type Api = OpenAPIHono<Env>;
export type RequestContext = Context<Env>;

/** An empty set of routes; a trailing slash makes no difference anywhere. */
export function openApi(): Api {
  return new OpenAPIHono<Env>({ strict: false });
}
