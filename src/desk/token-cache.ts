import type { TokenId } from '../contract/ids.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';

/** A token that was good when it was last looked up; times in milliseconds since 1970. */
export type KnownToken = {
  tokenId: TokenId;
  actor: Actor;
  expiresAt: number;
  lastUsedAt: number;
  lookedUpAt: number;
};

/** `generation` rises with every clearing: what was looked up before is not kept after. */
export type TokenCache = { generation: number; readonly byHash: Map<string, KnownToken> };

// Beside the desk, not in it: only authentication looks here, and the verbs that end a right to act.
const caches = new WeakMap<Desk['store'], TokenCache>();

export function tokenCacheOf(desk: Desk): TokenCache {
  let cache = caches.get(desk.store);
  if (cache === undefined) caches.set(desk.store, (cache = { generation: 0, byHash: new Map() }));
  return cache;
}

/** Has every token looked up anew: one was revoked, or an operator that some act as was changed. */
export function forgetTokens(desk: Desk): void {
  const cache = tokenCacheOf(desk);
  cache.generation += 1;
  cache.byHash.clear();
}
