import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares digests, which have one length: neither the secret nor how long it is shows in the time it takes. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
