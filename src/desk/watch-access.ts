import { setTimeout as pause } from 'node:timers/promises';
import { credentialCacheOf, forgetCredentials } from './credential-cache.ts';
import type { Desk } from './desk.ts';

const LOOK_EVERY_MS = 250;
// One look may be late; what was not confirmed for longer is not believed, and each credential is looked up.
const TRUST_MS = 800;

/**
 * Looks four times a second whether another process has ended somebody's right to act, until it is disposed. While
 * looks succeed, credentials are answered from memory.
 */
export async function watchAccess(desk: Desk): Promise<AsyncDisposable> {
  const cache = credentialCacheOf(desk);
  const stop = new AbortController();
  let known = await generationOf(desk);

  async function look(): Promise<void> {
    const askedAt = performance.now();
    try {
      const generation = await generationOf(desk);
      if (generation !== known) forgetCredentials(desk);
      known = generation;
      cache.trustedUntil = askedAt + TRUST_MS;
    } catch (error) {
      desk.log.warn({ err: error }, 'who may come in could not be looked up; it is tried once more');
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await look();
      await pause(LOOK_EVERY_MS, undefined, { ref: false, signal: stop.signal }).catch(() => {});
    }
  }

  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      cache.trustedUntil = 0;
    },
  };
}

async function generationOf(desk: Desk): Promise<number> {
  const [row] = await desk.store
    .em()
    .execute<{ generation: number }[]>('select generation from access where id = 1');
  return row!.generation;
}
