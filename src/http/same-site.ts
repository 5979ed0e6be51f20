import { Problem } from '../problem.ts';
import type { RequestContext } from './api.ts';
import type { Client } from './client.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of another site makes a browser send with our cookie: Problem('cross-site'). What changes
 * something has to say that it comes from here, by `Origin` or `Sec-Fetch-Site`; browsers do (Fetch Standard, 3.2;
 * Fetch Metadata, 2.3).
 */
export function checkSameSite(c: RequestContext, client: Client): void {
  const { headers } = c.env.incoming;
  const isSaid = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  if (client.isCrossSite(c.env.incoming) || (!isSaid && !SAFE.has(c.req.method)))
    throw new Problem('cross-site');
}

/**
 * The same where there is no cookie yet that would tell, so that another site signs nobody in: Problem('cross-site').
 * Whoever is no browser names no site, and may.
 */
export function checkNotCrossSite(c: RequestContext, client: Client): void {
  if (client.isCrossSite(c.env.incoming)) throw new Problem('cross-site');
}
