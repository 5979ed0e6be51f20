import { Problem } from '../problem.ts';
import type { RequestContext } from './api.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of another site makes a browser send with our cookie: Problem('cross-site'). What changes
 * something has to say that it comes from here, by `Origin` or `Sec-Fetch-Site`; browsers do (Fetch Standard, 3.2;
 * Fetch Metadata, 2.3).
 */
export function checkSameSite(c: RequestContext, publicUrl: string | null): void {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const isOurs = origin === undefined ? site === 'same-origin' : isOwnOrigin(origin, c, publicUrl);
  if (SAFE.has(c.req.method) ? isElsewhere(site) : !isOurs) throw new Problem('cross-site');
}

/**
 * The same where there is no cookie yet that would tell: a page of another site signs nobody in. Callers that are no
 * browser name neither, and may.
 */
export function checkNotCrossSite(c: RequestContext, publicUrl: string | null): void {
  const origin = c.req.header('origin');
  if (
    isElsewhere(c.req.header('sec-fetch-site')) ||
    (origin !== undefined && !isOwnOrigin(origin, c, publicUrl))
  )
    throw new Problem('cross-site');
}

function isElsewhere(site: string | undefined): boolean {
  return site === 'cross-site' || site === 'same-site';
}

function isOwnOrigin(origin: string, c: RequestContext, publicUrl: string | null): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return (
    from.host === c.req.header('host') || (publicUrl !== null && from.origin === new URL(publicUrl).origin)
  );
}
