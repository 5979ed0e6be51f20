import type { SourceId } from '../contract/ids.ts';
import type { Desk } from '../desk/desk.ts';
import {
  type Fence,
  gatewayLease,
  gatewayOf,
  type Holder,
  type LeaseView,
  listLeases,
  releaseLeases,
  renewLeases,
  sourceLease,
  takeLeases,
} from '../desk/leases.ts';
import { listServedSources } from '../desk/sources-served.ts';
import { type Noticed, sweepGateways } from '../desk/sweep-gateways.ts';
import type { Log } from '../log.ts';
import { type Backoff, backoffAfter } from './backoff.ts';
import type { EventFeed } from './feed.ts';
import { openHint } from './hint.ts';

export type HoldingsOptions = {
  desk: Desk;
  feed: EventFeed;
  log: Log;
  /** Unlike that of any other gateway, of earlier ones too. */
  gateway: string;
  /** Whether this is the only gateway that can be there: it holds everything, without an end. */
  isSole: boolean;
  /** How long a lease lives that is not renewed. */
  ttlMs?: number;
  /** How often leases are renewed and free ones are looked for. */
  everyMs?: number;
  /** For how long after the end of a gateway its operators may come back. */
  graceMs?: number;
  backoff?: Backoff;
};

/** The right to serve a source. */
export type Holding = {
  /** What writes show to prove it; null where nobody else can be there. */
  readonly fence: Fence | null;
  /** False as soon as somebody else may hold it. */
  isHeld(): boolean;
};

/** Which sources this gateway serves. Disposing gives them back: whoever serves them has to have stopped. */
export type Holdings = AsyncDisposable & {
  readonly gateway: string;
  /** null: somebody else serves the source, or it is being given back. */
  of(sourceId: SourceId): Holding | null;
  ids(): SourceId[];
  /** A follower is called after every change; it resolves when it has stopped to serve what is not held any more. */
  subscribe(follower: () => Promise<void>): () => void;
};

// Renewed three times in its life: two failures in a row lose nothing, a dead holder is replaced within 20 seconds.
const TTL_MS = 15_000;
const EVERY_MS = 5_000;
// With the life of a lease about the 60 seconds of grace that an operator has to come back.
const GRACE_MS = 45_000;
const FOR_EVER_MS = 100 * 365 * 24 * 3_600_000;

/**
 * Takes an even share of the sources, renews what is held, gives back what is more than the share, and takes over what
 * a dead gateway has left. Resolves after the first look.
 */
export async function startHoldings(options: HoldingsOptions): Promise<Holdings> {
  const {
    desk,
    log,
    gateway,
    isSole,
    backoff = backoffAfter,
    everyMs = EVERY_MS,
    graceMs = GRACE_MS,
  } = options;
  const ttlMs = isSole ? FOR_EVER_MS : (options.ttlMs ?? TTL_MS);
  const holder: Holder = { gateway, ttlMs, isSole };
  const held = new Map<SourceId, number>();
  const leaving = new Map<SourceId, Promise<void>>();
  const followers = new Set<() => Promise<void>>();
  const hint = openHint();
  const noticed: Noticed = new Map();
  let heldUntil = 0;
  let expiry: NodeJS.Timeout | undefined;
  let isClosed = false;
  let sweeping: Promise<void> | null = null;

  const isInTime = (): boolean => isSole || performance.now() < heldUntil;

  async function tellFollowers(): Promise<void> {
    await Promise.all([...followers].map((follower) => follower()));
  }

  function tellOfChange(): void {
    tellFollowers().catch((error: unknown) =>
      log.error({ err: error }, 'a change of leases was not followed'),
    );
  }

  /**
   * From the moment before the request on: what the database answers late has begun to run already. What had ended
   * meanwhile and was taken by nobody is served again.
   */
  function holdFrom(moment: number): void {
    const hadEnded = !isInTime();
    heldUntil = moment + ttlMs;
    if (isSole) return;
    if (hadEnded && held.size > 0) tellOfChange();
    awaitEnd();
  }

  /** Tells when the time is over. A timer counts from the beginning of its turn, so it may call before that. */
  function awaitEnd(): void {
    clearTimeout(expiry);
    const left = heldUntil - performance.now();
    if (left <= 0) tellOfChange();
    else expiry = setTimeout(awaitEnd, left + 1).unref();
  }

  /** Renews, and forgets what somebody else has taken meanwhile. */
  async function renew(): Promise<void> {
    const asked = performance.now();
    const renewed = await renewLeases(desk, holder);
    const lost = [...held].filter(([id, epoch]) => renewed.get(sourceLease(id)) !== epoch);
    for (const [id] of lost) held.delete(id);
    if (lost.length > 0) {
      log.warn({ sources: lost.map(([id]) => id) }, 'other gateways have taken over sources');
      // At once: whatever fails next, nothing goes on that is somebody else's.
      tellOfChange();
    }
    if (!renewed.has(gatewayLease(gateway))) await takeLeases(desk, holder, [gatewayLease(gateway)]);
    holdFrom(asked);
  }

  async function take(free: SourceId[]): Promise<void> {
    if (free.length === 0) return;
    const taken = await takeLeases(desk, holder, free.map(sourceLease));
    for (const id of free) {
      const epoch = taken.get(sourceLease(id));
      if (epoch !== undefined) held.set(id, epoch);
    }
    if (taken.size === 0) return;
    log.info({ gateway, sources: taken.size, held: held.size }, 'took over sources');
    tellOfChange();
  }

  /** The source is served to its end first; meanwhile it goes on being renewed. */
  function giveBack(ids: SourceId[]): void {
    for (const id of ids) held.delete(id);
    const left = tellFollowers()
      .then(() => releaseLeases(desk, holder, ids.map(sourceLease)))
      .catch((error: unknown) =>
        log.error({ err: error }, 'leases could not be given back; they end by themselves'),
      )
      .finally(() => {
        for (const id of ids) leaving.delete(id);
        hint.give();
      });
    for (const id of ids) leaving.set(id, left);
  }

  async function look(): Promise<void> {
    if (!isSole) await renew();
    const [sources, leases] = [await listServedSources(desk), await listLeases(desk)];
    const { surplus, free } = planOf({ sources, leases, gateway, held, isSole });
    if (surplus.length > 0) giveBack(surplus);
    await take(free.filter((id) => !leaving.has(id)));
    // Beside the renewing of leases, which must not wait for it.
    sweeping ??= sweepGateways(desk, holder, { leases, noticed, graceMs })
      .catch((error: unknown) =>
        log.error({ err: error }, 'what an ended gateway has left was not cleaned up'),
      )
      .finally(() => (sweeping = null));
  }

  async function keepLooking(): Promise<void> {
    let failures = 0;
    while (!isClosed) {
      await hint.taken(failures > 0 ? Math.min(backoff(failures), everyMs) : everyMs);
      if (isClosed) return;
      try {
        await look();
        failures = 0;
      } catch (error) {
        failures += 1;
        log.error({ err: error }, 'the leases could not be looked at');
      }
    }
  }

  if (isSole) await takeLeases(desk, holder, [gatewayLease(gateway)]);
  await look();
  const unsubscribe = options.feed.subscribe((events) => {
    if (events.some((event) => event.type === 'source.updated')) hint.give();
  });
  const looking = keepLooking();

  return {
    gateway,
    of(id) {
      const epoch = held.get(id);
      if (epoch === undefined || !isInTime()) return null;
      const fence = isSole ? null : { lease: sourceLease(id), epoch };
      return { fence, isHeld: () => isInTime() && held.get(id) === epoch };
    },
    ids: () => (isInTime() ? [...held.keys()] : []),
    subscribe(follower) {
      followers.add(follower);
      return () => followers.delete(follower);
    },
    async [Symbol.asyncDispose]() {
      unsubscribe();
      isClosed = true;
      hint.give();
      await looking;
      await sweeping;
      await Promise.all(leaving.values());
      clearTimeout(expiry);
      const names = [...held.keys()].map(sourceLease);
      await releaseLeases(desk, holder, [...names, gatewayLease(gateway)]).catch((error: unknown) =>
        log.warn({ err: error }, 'leases could not be given back; they end by themselves'),
      );
    },
  };
}

type Facts = {
  sources: SourceId[];
  leases: LeaseView[];
  gateway: string;
  held: ReadonlyMap<SourceId, number>;
  isSole: boolean;
};

/** What to give back and what to take, so that every living gateway serves as many sources as the others, ± 1. */
function planOf({ sources, leases, gateway, held, isSole }: Facts): {
  surplus: SourceId[];
  free: SourceId[];
} {
  const known = new Set(sources);
  const gone = [...held.keys()].filter((id) => !known.has(id));
  if (isSole) return { surplus: gone, free: sources.filter((id) => !held.has(id)) };
  const living = new Set(leases.filter(({ isLive }) => isLive).map(({ name }) => gatewayOf(name)));
  living.delete(null);
  living.add(gateway);
  const share = Math.ceil(sources.length / living.size);
  const kept = [...held.keys()].filter((id) => known.has(id));
  const others = new Set(
    leases.filter(({ isLive, holder }) => isLive && holder !== gateway).map(({ name }) => name),
  );
  const free = sources.filter((id) => !held.has(id) && !others.has(sourceLease(id)));
  return {
    surplus: [...gone, ...kept.slice(share)],
    free: free.slice(0, Math.max(0, share - kept.length)),
  };
}
