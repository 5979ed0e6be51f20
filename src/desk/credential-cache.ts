import type { Tx } from '../store/write.ts';
import type { Caller } from './actor.ts';
import type { Desk } from './desk.ts';

/** A credential that was good when it was last looked up; times in milliseconds since 1970. */
export type KnownCredential = {
  actor: Caller;
  /** It ends then, whatever happens; Infinity: never. */
  expiresAt: number;
  /** It ends when it was not used for so long. */
  idleMs: number;
  lastUsedAt: number;
};

/** What a gateway remembers of credentials. */
export type CredentialCache = {
  /** Rises with every clearing: what was looked up before is not kept after. */
  generation: number;
  /** Until when, by `performance.now()`, it is known that no other process has ended anything. */
  trustedUntil: number;
  readonly byHash: Map<string, KnownCredential>;
  readonly listeners: Set<() => void>;
};

// Beside the desk, not in it: only authentication looks here, and the verbs that end a right to act.
const caches = new WeakMap<Desk['store'], CredentialCache>();

export function credentialCacheOf(desk: Desk): CredentialCache {
  let cache = caches.get(desk.store);
  if (cache === undefined)
    caches.set(
      desk.store,
      (cache = { generation: 0, trustedUntil: 0, byHash: new Map(), listeners: new Set() }),
    );
  return cache;
}

/**
 * Part of every change that ends or changes somebody's right to act, as its last statement: whatever any gateway
 * remembers of credentials is looked up anew, here at COMMIT, elsewhere at the next look (`watchAccess`).
 */
export async function endCredentials(desk: Desk, tx: Tx): Promise<void> {
  await tx.em.execute('update access set generation = generation + 1 where id = 1');
  tx.afterCommit(() => forgetCredentials(desk));
}

/** Has every credential looked up anew, and tells who listens. */
export function forgetCredentials(desk: Desk): void {
  const cache = credentialCacheOf(desk);
  cache.generation += 1;
  cache.byHash.clear();
  for (const listener of cache.listeners) listener();
}

/** Calls the listener whenever a right to act may have ended; answers how to stop that. */
export function onAccessChange(desk: Desk, listener: () => void): () => void {
  const { listeners } = credentialCacheOf(desk);
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
