import type { SourceId } from '../contract/ids.ts';
import { type DueDelivery, dueDeliveries, nextDeliveryAt } from '../desk/due-deliveries.ts';
import type { Desk } from '../desk/desk.ts';
import { recoverDeliveries } from '../desk/recover-deliveries.ts';
import type { Log } from '../log.ts';
import { type Backoff, backoffAfter } from './backoff.ts';
import { deliver } from './deliver.ts';
import type { EventFeed } from './feed.ts';
import { openHint } from './hint.ts';
import type { Holding, Holdings } from './holdings.ts';
import { openTurns, type Rates, telegramRates, type Turns } from './turns.ts';

export type SenderOptions = {
  desk: Desk;
  feed: EventFeed;
  /** Which sources are this gateway's to send for. */
  holdings: Holdings;
  log: Log;
  /** The Bot API server (TELEGRAM_API_ROOT), trusted as given. */
  apiRoot: string;
  /** Private addresses that callbacks and a source's own API server may have (CALLBACK_ALLOW). */
  allow: readonly string[];
  /** Lanes of one source that may be under way at once: a receiver that hangs holds up nobody but itself. */
  width?: number;
  sendTimeoutMs?: number;
  /** How long disposing waits for what is under way. */
  graceMs?: number;
  rates?: Rates;
  /** The feed is a hint, the table is the truth: so often it is looked at without any hint. */
  lookEveryMs?: number;
  backoff?: Backoff;
};

/** Sends what waits in the outbox. Disposing lets what is under way come to its end. */
export type Sender = AsyncDisposable;

/** A source that this gateway sends for. */
type Outlet = { holding: Holding; turns: Turns; underWay: Map<string, Promise<void>> };

/** Starts sending: lanes side by side, in a lane one after the other; the outcome of each attempt is kept. */
export async function startSender(options: SenderOptions): Promise<Sender> {
  const { desk, feed, holdings, log, backoff = backoffAfter, rates = telegramRates } = options;
  const { width = 32, graceMs = 7000, lookEveryMs = 5000 } = options;
  const outlets = new Map<SourceId, Outlet>();
  const [stopped, cut] = [new AbortController(), new AbortController()];
  const hint = openHint();
  const dispatch = {
    desk,
    log,
    backoff,
    root: { apiRoot: options.apiRoot, allow: options.allow },
    timeoutMs: options.sendTimeoutMs ?? 20_000,
    stopped: stopped.signal,
    cut: cut.signal,
  };

  /** Takes up the sources that are new here, with what their last sender left under way. */
  async function openOutlets(): Promise<void> {
    for (const id of holdings.ids()) {
      const holding = holdings.of(id);
      if (holding === null || outlets.get(id)?.holding.isHeld() === true) continue;
      await recoverDeliveries(desk, id, holding.fence);
      outlets.set(id, { holding, turns: openTurns(rates), underWay: new Map() });
    }
  }

  /** The outlets that could start something, and in how many milliseconds the next one can. */
  function readyOutlets(): { ready: SourceId[]; wait: number } {
    let wait = lookEveryMs;
    const ready: SourceId[] = [];
    for (const [id, { holding, turns, underWay }] of outlets) {
      // What is full wakes the loop itself, when something comes to its end.
      if (!holding.isHeld() || underWay.size >= width) continue;
      const turn = turns.waitForBot();
      if (turn > 0) wait = Math.min(wait, turn);
      else ready.push(id);
    }
    return { ready, wait };
  }

  /** Starts every lane that may go now; answers in how many milliseconds another look makes sense. */
  async function startDue(): Promise<number> {
    await openOutlets();
    const { ready, wait: paused } = readyOutlets();
    let wait = paused;
    if (ready.length === 0) return wait;
    for (const delivery of await dueDeliveries(desk, ready, width * 2)) {
      const outlet = outlets.get(delivery.sourceId)!;
      if (outlet.underWay.has(delivery.lane) || outlet.underWay.size >= width) continue;
      if (stopped.signal.aborted || !outlet.holding.isHeld()) continue;
      const turn = outlet.turns.take(delivery);
      if (turn > 0) wait = Math.min(wait, turn);
      else send(outlet, delivery);
    }
    const next = await nextDeliveryAt(desk, ready);
    const ms = next === null ? lookEveryMs : next.getTime() - desk.clock.now().getTime();
    // What is due and did not start is held by its lane or its rate, and these wake the loop themselves.
    return ms > 0 ? Math.min(wait, ms) : wait;
  }

  function send({ holding, turns, underWay }: Outlet, delivery: DueDelivery): void {
    const done = deliver(dispatch, delivery, holding).then((outcome) => {
      turns.ended(delivery);
      if (outcome?.kind === 'retry' && outcome.isThrottled === true)
        turns.throttled(delivery.lane, outcome.at.getTime() - desk.clock.now().getTime());
      underWay.delete(delivery.lane);
      hint.give();
    });
    underWay.set(delivery.lane, done);
  }

  async function keepLooking(): Promise<void> {
    let failures = 0;
    while (!stopped.signal.aborted) {
      let wait: number;
      try {
        wait = await startDue();
        failures = 0;
      } catch (error) {
        failures += 1;
        wait = backoff(failures);
        log.error({ err: error }, 'the outbox could not be read');
      }
      await hint.taken(Math.min(wait, lookEveryMs));
    }
  }

  /** What is not held any more is left when nothing of it is under way. */
  async function closeOutlets(): Promise<void> {
    hint.give();
    const lost = [...outlets].filter(([, { holding }]) => !holding.isHeld());
    await Promise.all(lost.flatMap(([, { underWay }]) => [...underWay.values()]));
    for (const [id, outlet] of lost) if (outlets.get(id) === outlet) outlets.delete(id);
  }

  await openOutlets();
  const unsubscribe = [
    holdings.subscribe(closeOutlets),
    feed.subscribe((events) => {
      // What another gateway sends is not looked into; a source that is taken up is looked at as a whole.
      const isOurs = (id: SourceId | null): boolean => id !== null && outlets.has(id);
      const told = events.filter(({ type, sourceId }) => type.startsWith('message.') && isOurs(sourceId));
      if (told.some(({ data }) => isQueued(data))) hint.give();
    }),
  ];
  const looking = keepLooking();

  return {
    async [Symbol.asyncDispose]() {
      for (const end of unsubscribe) end();
      stopped.abort();
      hint.give();
      await looking;
      const timer = setTimeout(() => cut.abort(), graceMs);
      await Promise.all([...outlets.values()].flatMap(({ underWay }) => [...underWay.values()]));
      clearTimeout(timer);
    },
  };
}

function isQueued(message: object): boolean {
  return 'status' in message && message.status === 'queued';
}
