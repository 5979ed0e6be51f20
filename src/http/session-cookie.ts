import { SESSION_MS, type Visitor } from '../desk/begin-session.ts';
import type { RequestContext } from './api.ts';
import { type Client, cookieName } from './client.ts';

/** Who knocks: from where, with what, and with which session already. */
export function visitorOf(c: RequestContext, client: Client): Visitor {
  return {
    address: client.addressOf(c.env.incoming),
    userAgent: c.req.header('user-agent') ?? null,
    held: client.sessionOf(c.env.incoming),
  };
}

/** Gives the browser the session; no script reads it, and other sites do not send it along. */
export function setSessionCookie(c: RequestContext, client: Client, secret: string): void {
  setCookie(c, client, `${secret}; Max-Age=${SESSION_MS / 1000}`);
}

export function clearSessionCookie(c: RequestContext, client: Client): void {
  setCookie(c, client, '; Max-Age=0');
}

function setCookie(c: RequestContext, client: Client, value: string): void {
  const isSecure = client.isSecure(c.env.incoming);
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  c.header('set-cookie', `${cookieName(isSecure)}=${value}; ${attributes}`);
}
