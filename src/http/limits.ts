import { RateLimiterMemory } from 'rate-limiter-flexible';
import { credentialLabel, type Actor } from '../desk/actor.ts';
import type { Channel } from '../desk/channels.ts';
import { Problem } from '../problem.ts';

// Counted in spans this short, so that whoever was too fast waits for seconds, not for a minute.
const SPAN_S = 10;
const MOST = Number.MAX_SAFE_INTEGER;
const CREDENTIAL_A_MINUTE = 60_000;
const HOOK_A_MINUTE = 600_000;

/** How often somebody may ask; each gateway counts by itself. Both throw Problem('too-many-requests'). */
export type Limits = {
  /** A request of REST. The fixed token of the environment has no limit. */
  ofCaller(actor: Actor): Promise<void>;
  /** A message to a webhook that has proved itself: whoever has not cannot use the limit up. */
  ofHook(channel: Channel): Promise<void>;
};

export function openLimits(): Limits {
  // What each may is told when it asks; the library keeps the counts.
  const callers = new RateLimiterMemory({ keyPrefix: 'caller', points: MOST, duration: SPAN_S });
  const hooks = new RateLimiterMemory({ keyPrefix: 'hook', points: MOST, duration: SPAN_S });
  return {
    async ofCaller(actor) {
      if (actor.kind !== 'caller' || actor.credential.kind === 'environment') return;
      await count(callers, credentialLabel(actor.credential), actor.rateLimit ?? CREDENTIAL_A_MINUTE);
    },
    ofHook: ({ id, webhook }) => count(hooks, String(id), webhook?.rateLimit ?? HOOK_A_MINUTE),
  };
}

async function count(limiter: RateLimiterMemory, key: string, aMinute: number): Promise<void> {
  const { consumedPoints, msBeforeNext } = await limiter.consume(key);
  if (consumedPoints <= Math.ceil((aMinute * SPAN_S) / 60)) return;
  throw new Problem('too-many-requests', { retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
}
