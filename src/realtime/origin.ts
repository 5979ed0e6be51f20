import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a connection may come from where it says. A browser always names its origin; other clients name none and
 * hold a token instead.
 */
export function isAllowedOrigin({ origin, host }: IncomingHttpHeaders, publicUrl: string | null): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return from.host === host || (publicUrl !== null && from.origin === new URL(publicUrl).origin);
}
