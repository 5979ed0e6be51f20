import { createHash, timingSafeEqual } from 'node:crypto';
import { type Actor, ENVIRONMENT } from './actor.ts';
import { credentialCacheOf, type KnownCredential } from './credential-cache.ts';
import { lookUpCredential } from './credential-rows.ts';
import { noteUse } from './credential-use.ts';
import type { Desk } from './desk.ts';

const MOST_KNOWN = 10_000;

/** What somebody shows at the door: an API token, or what the cookie of a session holds. */
export type Shown = { kind: 'token' | 'session'; secret: string };

/**
 * Who acts with this secret; null when nobody does, or nobody any more. `check` alone looks whether it still counts,
 * which does not keep a session from falling idle.
 */
export type Authenticate = (shown: Shown, purpose?: 'use' | 'check') => Promise<Actor | null>;

/** The check of credentials. `adminToken` is the fixed token of the environment, null when there is none. */
export function openAuthenticator(desk: Desk, adminToken: string | null): Authenticate {
  const fixed = adminToken === null ? null : sha256(adminToken);
  return async ({ kind, secret }, purpose = 'use') => {
    const hash = sha256(secret);
    if (kind === 'token' && fixed !== null && timingSafeEqual(hash, fixed)) return ENVIRONMENT;
    const known = await goodCredential(desk, hash.toString('hex'));
    if (known === null || known.actor.credential.kind !== kind) return null;
    if (purpose === 'use') await noteUse(desk, known, desk.clock.now().getTime());
    return known.actor;
  };
}

async function goodCredential(desk: Desk, hash: string): Promise<KnownCredential | null> {
  const now = desk.clock.now().getTime();
  const cache = credentialCacheOf(desk);
  const kept = cache.byHash.get(hash);
  // One that seems to have ended is looked up once more: another gateway may have seen it used.
  if (kept !== undefined && performance.now() < cache.trustedUntil && counts(kept, now)) return kept;
  const { generation } = cache;
  const found = await lookUpCredential(desk, hash);
  if (cache.generation === generation) {
    if (cache.byHash.size >= MOST_KNOWN) cache.byHash.clear();
    if (found === null) cache.byHash.delete(hash);
    else cache.byHash.set(hash, found);
  }
  return found !== null && counts(found, now) ? found : null;
}

function counts({ expiresAt, lastUsedAt, idleMs }: KnownCredential, now: number): boolean {
  return now < expiresAt && now - lastUsedAt < idleMs;
}

/** Credentials are 256 random bits: a plain hash keeps them, no salt is needed. */
export function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
