import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiToken } from '../store/entities/api-token.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type KnownToken, tokenCacheOf } from './token-cache.ts';

/** How long another gateway's change may go unnoticed; what this process changes counts at once. */
const FRESH_MS = 3_000;
const NOTE_USE_EVERY_MS = 60_000;
const MOST_KNOWN = 10_000;

/** Who acts with this secret; null when nobody does, or nobody any more. */
export type Authenticate = (secret: string) => Promise<Actor | null>;

/** The check of credentials. `adminToken` is the fixed token of the environment, null when there is none. */
export function openAuthenticator(desk: Desk, adminToken: string | null): Authenticate {
  const fixed = adminToken === null ? null : sha256(adminToken);
  return async (secret) => {
    const hash = sha256(secret);
    if (fixed !== null && timingSafeEqual(hash, fixed)) return ENVIRONMENT;
    return authenticate(desk, hash.toString('hex'));
  };
}

const ENVIRONMENT: Actor = {
  kind: 'token',
  tokenId: null,
  role: 'admin',
  scope: 'full',
  operatorId: null,
};

async function authenticate(desk: Desk, hash: string): Promise<Actor | null> {
  const now = desk.clock.now().getTime();
  const known = await knownToken(desk, hash, now);
  if (known === null || known.expiresAt <= now) return null;
  if (now - known.lastUsedAt >= NOTE_USE_EVERY_MS) await noteUse(desk, known, now);
  return known.actor;
}

async function knownToken(desk: Desk, hash: string, now: number): Promise<KnownToken | null> {
  const cache = tokenCacheOf(desk);
  const kept = cache.byHash.get(hash);
  if (kept !== undefined && now - kept.lookedUpAt < FRESH_MS) return kept;
  const { generation } = cache;
  const found = await lookUp(desk, hash, now);
  if (cache.generation !== generation) return found;
  if (cache.byHash.size >= MOST_KNOWN) cache.byHash.clear();
  if (found === null) cache.byHash.delete(hash);
  else cache.byHash.set(hash, found);
  return found;
}

async function lookUp(desk: Desk, hash: string, now: number): Promise<KnownToken | null> {
  const token = await desk.store.em().findOne(ApiToken, { hash }, { populate: ['operator'] });
  if (token === null || token.operator?.isActive === false) return null;
  return {
    tokenId: token.id,
    actor: {
      kind: 'token',
      tokenId: token.id,
      role: token.operator?.role ?? token.role,
      scope: token.scope,
      operatorId: token.operator?.id ?? null,
    },
    expiresAt: token.expiresAt?.getTime() ?? Infinity,
    lastUsedAt: token.lastUsedAt?.getTime() ?? 0,
    lookedUpAt: now,
  };
}

/** At most once a minute for each token; a credential is good whether or not its use could be noted. */
async function noteUse(desk: Desk, token: KnownToken, now: number): Promise<void> {
  token.lastUsedAt = now;
  try {
    await desk.store.write((tx) =>
      tx.em.nativeUpdate(ApiToken, { id: token.tokenId }, { lastUsedAt: new Date(now) }),
    );
  } catch (error) {
    desk.log.warn({ err: error, tokenId: token.tokenId }, 'the use of a token could not be noted');
  }
}

/** Tokens are 256 random bits: a plain hash keeps them, no salt is needed. */
export function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
