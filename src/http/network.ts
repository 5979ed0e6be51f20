import ipaddr from 'ipaddr.js';

/**
 * To whom an address belongs, as far as that can be told: of IPv6 the /64, within which everybody may take any address
 * (RFC 6177); of IPv4 the address.
 */
export function networkOf(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`;
}
