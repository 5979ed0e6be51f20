import { createHmac } from 'node:crypto';
import type { ContactId } from '../contract/ids.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problem.ts';
import type { Draw } from '../routing/strategy.ts';
import { isForeignKeyViolation, isUnavailable } from '../store/faults.ts';
import { openStore } from '../store/open.ts';
import { openSeal } from '../store/seal.ts';
import type { Write } from '../store/write.ts';
import { openArrivals } from './arrivals.ts';
import { openChannelCache } from './channels.ts';
import { keepFirst } from './config-parts.ts';
import { keepDeadLetter } from './dead-letters.ts';
import type { Clock, Desk } from './desk.ts';
import { drainChunk } from './drain.ts';
import { openDrains } from './drains.ts';
import { Fenced } from './leases.ts';
import type { ArrivalItem, ArrivalOutcome } from './intake/arrival-item.ts';
import { commitBatch } from './intake/commit-batch.ts';

type Options = {
  databaseUrl: string;
  /** 32 bytes: seals bot tokens and secrets at rest. */
  secretKey: Buffer;
  /** Seeds every draw: the same seed, contact and attempt draw the same. */
  routingSeed: string;
  log: Log;
  clock?: Clock;
  /** Hears of every commit of arrivals: how many it held, and how long it took. */
  onCommit?: (items: number, ms: number) => void;
};

/** Opens the database and everything that the verbs need. A gateway calls `resumeQueues` next. */
export async function openDesk(options: Options): Promise<Desk & AsyncDisposable> {
  const { log, routingSeed, clock = { now: () => new Date() } } = options;
  await using opening = new AsyncDisposableStack();
  const onError = (error: unknown): void => log.error({ err: error }, 'a listener of the feed failed');
  const opened = opening.use(await openStore({ databaseUrl: options.databaseUrl, onError }));
  const store = { ...opened, write: tellingUnavailable(opened.write) };

  const desk: Desk = {
    store,
    clock,
    log,
    drawFor: (contactId, attempt) => seededDraw(routingSeed, contactId, attempt),
    seal: openSeal(options.secretKey),
    arrivals: openArrivals<ArrivalItem, ArrivalOutcome>({
      commit: (items) => commitBatch(desk, items),
      poison: (item, error) => keepPoison(desk, item, error),
      onCommit: options.onCommit,
    }),
    rosterMemory: { last: null },
    channelCache: openChannelCache(),
    drains: openDrains({
      chunk: (stage) => drainChunk(desk, stage),
      onError: (error, sourceIds) => log.error({ err: error, sourceIds }, 'a queue could not be drained'),
    }),
  };
  opening.use(desk.drains);
  opening.defer(() => desk.arrivals.idle());
  store.feed.subscribe((events) => {
    if (events.some((event) => event.type === 'source.updated')) desk.channelCache.clear();
  });
  await keepFirst(desk);
  const all = opening.move();
  return { ...desk, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Writes as before; that the database cannot commit now becomes a Problem that every caller understands. */
function tellingUnavailable(write: Write): Write {
  return async (work) => {
    try {
      return await write(work);
    } catch (error) {
      if (error instanceof Problem || !isUnavailable(error)) throw error;
      throw new Problem('unavailable', { retryAfter: 1 }, { cause: error });
    }
  };
}

/** HMAC-SHA-256 of contact and attempt, as a fraction of 2^48, scaled to the range: uniform within 2^-28 or better. */
function seededDraw(seed: string, contactId: ContactId, attempt: number): Draw {
  return (below) => {
    const digest = createHmac('sha256', seed).update(`${contactId}:${attempt}`).digest();
    return Number((BigInt(digest.readUIntBE(0, 6)) * BigInt(below)) >> 48n);
  };
}

/** What cannot be committed even alone: a message is kept raw and acknowledged, so that its chat goes on. */
async function keepPoison(desk: Desk, item: ArrivalItem, error: unknown): Promise<ArrivalOutcome> {
  if (error instanceof Problem || error instanceof Fenced) throw error;
  if (isForeignKeyViolation(error)) throw new Problem('not-found', {}, { cause: error });
  if (item.kind === 'contact') throw error;
  const { arrival } = item;
  desk.log.error({ err: error, sourceId: arrival.sourceId }, 'a message is kept as a dead letter');
  const deadLetterId = await keepDeadLetter(desk, {
    sourceId: arrival.sourceId,
    externalId: arrival.externalId,
    reason: error instanceof Error ? error.name : 'unknown',
    raw: arrival.raw ?? arrival,
  });
  return {
    kind: 'message',
    receipt: { messageId: null, contactId: null, leadId: null, duplicate: false, deadLetterId },
  };
}
