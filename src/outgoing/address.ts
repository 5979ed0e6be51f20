import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether one of the ranges (CIDRs, or single addresses) holds the address; `::ffff:a.b.c.d` counts as a.b.c.d. */
export function isListed(address: string, allow: readonly string[]): boolean {
  const asked = ipaddr.process(address);
  return allow.some((entry) => {
    const [range, bits] = entry.includes('/')
      ? ipaddr.parseCIDR(entry)
      : [ipaddr.parse(entry), isIP(entry) === 6 ? 128 : 32];
    return range.kind() === asked.kind() && asked.match(range, bits);
  });
}

/** Whether foreign HTTP may go there: public addresses, and the private ones that were allowed by name. */
export function isReachable(address: string, allow: readonly string[]): boolean {
  return isPublic(address) || isListed(address, allow);
}

// All that is given out of IPv6 for use in public. Outside it `::127.0.0.1` is an ordinary address to ipaddr.js.
const GLOBAL = ipaddr.parseCIDR('2000::/3');

function isPublic(text: string): boolean {
  const address = ipaddr.parse(text);
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL));
}

/** The address that stands in the URL itself, in its plain form; null for a name. */
export function literalAddress(url: URL): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? null : host;
}
