import { isReachable, literalAddress } from './address.ts';

/**
 * Why messages may not be posted to this address, or null when nothing speaks against it.
 * Names are looked up only when something is sent: see `guardedAgent`.
 */
export function checkCallbackUrl(text: string, allow: readonly string[]): string | null {
  if (!URL.canParse(text)) return 'must be a URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must start with http:// or https://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or a password';
  if (url.hostname === '') return 'must name a host';
  const isHome = /^(.*\.)?localhost\.?$/.test(url.hostname);
  const addresses = isHome ? ['127.0.0.1', '::1'] : [literalAddress(url)];
  const isOpen = addresses.some((address) => address === null || isReachable(address, allow));
  if (isOpen) return null;
  return `${url.hostname} is not a public address; private ones must be listed in CALLBACK_ALLOW`;
}
