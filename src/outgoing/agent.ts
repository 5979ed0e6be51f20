import dns, { type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { useAgent as filteringAgent } from 'request-filtering-agent';
import { isListed, isReachable, literalAddress } from './address.ts';

/** The address lies in a range that foreign HTTP may not reach; nothing was sent. */
export class AddressRefused extends Error {
  readonly code = 'address-not-allowed';

  constructor(address: string) {
    super(`${address} is not a public address; private ones must be listed in CALLBACK_ALLOW`);
  }
}

/**
 * An agent for one request to a foreign address: what the name resolves to is checked at the moment of
 * connecting, so a name that changes its address in between gains nothing. Throws `AddressRefused` where the
 * URL itself names a private address.
 */
export function guardedAgent(url: URL, allow: readonly string[]): http.Agent {
  // The filter knows allowed ranges too, but complains on the console about each of the other IP family:
  // it gets the very addresses that ours allow.
  const listed: string[] = [];
  const admit = (address: string): boolean => {
    if (isListed(address, allow)) listed.push(address);
    return isReachable(address, allow);
  };
  const literal = literalAddress(url);
  if (literal !== null && !admit(literal)) throw new AddressRefused(literal);
  return filteringAgent(url.href, { allowIPAddressList: listed, lookup: lookupAmong(admit) });
}

function lookupAmong(admit: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return done(error, []);
      const admitted = addresses.filter(({ address }) => admit(address));
      const [first] = admitted;
      if (first === undefined) return done(new AddressRefused(hostname), []);
      if (options.all === true) return done(null, admitted);
      return done(null, first.address, first.family);
    });
  };
}

// Free connections go before the other side closes them: a request on a connection that was just closed
// ends in a reset, and nobody could say whether it arrived.
const idle = { keepAlive: true, timeout: 4000 };
const trusted = { http: new http.Agent(idle), https: new https.Agent(idle) };

/** The shared agent for addresses that the configuration itself names; nothing is checked. */
export function trustedAgent(url: URL): http.Agent {
  return url.protocol === 'https:' ? trusted.https : trusted.http;
}
