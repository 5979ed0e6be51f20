import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import type { Shown } from '../desk/authenticate.ts';

/** What the gateway makes of a connection: who is at the other end, and what it has shown. */
export type Client = {
  /** The address of whoever asks, behind the proxies that are trusted; null when the connection is gone. */
  addressOf(request: IncomingMessage): string | null;
  /** Whether the way to the browser is encrypted. */
  isSecure(request: IncomingMessage): boolean;
  /**
   * Whether a page of another site sends this. A browser names its origin, or at least whether the page is ours (Fetch
   * Metadata); other clients name neither, and hold a token.
   */
  isCrossSite(request: IncomingMessage): boolean;
  /** The session that the request's cookie holds. */
  sessionOf(request: IncomingMessage): Shown | null;
};

/** What a browser is given, by the way it came. A `__Host-` cookie comes from this very host, by https alone (RFC 6265bis, 4.1.3.2). */
export function cookieName(isSecure: boolean): string {
  return isSecure ? '__Host-leadgate' : 'leadgate';
}

/** `trustedProxies` are addresses and CIDRs whose forwarding headers are believed. */
export function openClient({
  publicUrl,
  trustedProxies,
}: {
  publicUrl: string | null;
  trustedProxies: readonly string[];
}): Client {
  const isTrusted = trustIn(trustedProxies);

  function isSecure(request: IncomingMessage): boolean {
    if (publicUrl !== null) return publicUrl.startsWith('https:');
    const proxy = plainAddress(request.socket.remoteAddress ?? '');
    if (proxy === null || !isTrusted(proxy)) return false;
    return lastOf(request.headers['x-forwarded-proto']) === 'https';
  }

  function isOwnOrigin(origin: string, host: string | undefined): boolean {
    if (!URL.canParse(origin)) return false;
    const from = new URL(origin);
    const own = publicUrl === null ? null : new URL(publicUrl);
    // Under its public name only by the way that is named: a page that came there unencrypted may be anybody's.
    return from.host === own?.host ? from.origin === own.origin : from.host === host;
  }

  return {
    isSecure,
    isCrossSite({ headers: { origin, host, 'sec-fetch-site': site } }) {
      if (origin !== undefined) return !isOwnOrigin(origin, host);
      return site === 'cross-site' || site === 'same-site';
    },
    addressOf(request) {
      let address = plainAddress(request.socket.remoteAddress ?? '');
      // Each proxy has added whom it saw at the end of the list: the first one that is not ours is the client.
      const forwarded = listOf(request.headers['x-forwarded-for']);
      while (address !== null && isTrusted(address)) {
        const before = forwarded.pop();
        const plain = before === undefined ? null : plainAddress(before);
        if (plain === null) break;
        address = plain;
      }
      return address;
    },
    sessionOf(request) {
      const name = cookieName(isSecure(request));
      for (const pair of (request.headers.cookie ?? '').split(';')) {
        const [key = '', value] = pair.trim().split('=', 2);
        if (key === name && value) return { kind: 'session', secret: value };
      }
      return null;
    },
  };
}

function trustIn(ranges: readonly string[]): (address: string) => boolean {
  const trusted = ranges.map((range) =>
    ipaddr.parseCIDR(range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`),
  );
  return (text) => {
    const address = ipaddr.process(text);
    return trusted.some(([range, bits]) => range.kind() === address.kind() && address.match([range, bits]));
  };
}

/** `::ffff:192.0.2.1` is 192.0.2.1; a port, as some proxies add, is left out. Null for what is no address. */
function plainAddress(text: string): string | null {
  const [, host = text] = /^\[(.+)\](?::\d+)?$/.exec(text) ?? /^([\d.]+):\d+$/.exec(text) ?? [];
  return ipaddr.isValid(host) ? ipaddr.process(host).toString() : null;
}

function listOf(header: string | string[] | undefined): string[] {
  return (header === undefined ? [] : [header])
    .flat()
    .join(',')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return listOf(header).at(-1);
}
