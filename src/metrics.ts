import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { within } from './within.ts';

/** What a scrape asks for. */
export type Probes = {
  /** What waits to be committed. */
  intakeDepth(): number;
  /** Open sockets of this gateway. */
  sockets(): number;
  /** Sources that this gateway polls or sends for. */
  leasesHeld(): number;
  /** Rejects when the database does not answer; then none of the following is asked. */
  database(): Promise<void>;
  stock(): Promise<Stock>;
  /** The state of each source by its id. */
  sourceStates(): Promise<ReadonlyMap<number, string>>;
  feed(): Promise<FeedAge>;
  /** By invariant; those that the last check could not tell are left out. */
  invariantBreaches(): ReadonlyMap<string, number>;
};

/** What the database holds and somebody has to deal with. */
export type Stock = {
  queues: readonly { sourceId: number; waiting: number; oldestSeconds: number }[];
  /** By state; those that were sent are none of anybody's business any more. */
  deliveries: Readonly<Record<string, number>>;
  deadLetters: number;
};

/** `lag`: since when the oldest committed event waits to be told here. `horizon`: how long the oldest transaction runs. */
export type FeedAge = { lagSeconds: number; horizonSeconds: number };

export type Metrics = {
  answered(method: string, route: string, status: number): void;
  /** A commit of arrivals: how many it held, and how long it took. */
  committed(items: number, ms: number): void;
  /** From now on a scrape asks these, too. */
  ask(probes: Probes): void;
  /** Answers whatever is down; figures of the database are left out while that does not answer. */
  render(): Promise<string>;
  readonly contentType: string;
};

// A scraper usually gives up after ten seconds.
const ANSWER_WITHIN_MS = 2_000;
// From the write of an idle SSD to a disk that is in trouble.
const COMMIT_SECONDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The gateway's figures for Prometheus. `docs/operations.md` explains each. */
export function openMetrics(onError: (error: unknown) => void): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addLoopDelay(registry);
  const requests = new Counter({
    name: 'leadgate_http_requests_total',
    help: 'Requests answered, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const items = new Counter({
    name: 'leadgate_intake_items_total',
    help: 'Messages and contacts that came in and were committed; its rate is the intake rate',
    registers,
  });
  const commits = new Histogram({
    name: 'leadgate_commit_seconds',
    help: 'How long a commit of arrivals took, from its first statement to the disk; a commit holds up to 256',
    buckets: COMMIT_SECONDS,
    registers,
  });
  let asked: Asked[] = [];
  let database: Probes['database'] | undefined;
  const isUp = gauge(registry, 'leadgate_database_up', 'Whether the database answers: 1 or 0');

  async function askDatabase(): Promise<string[]> {
    const answers = database !== undefined && (await isAnswered(database()));
    isUp.set(answers ? 1 : 0);
    return answers ? Promise.all(asked.map((one) => answerOf(one, onError))) : [];
  }

  // Looking a counter up by its labels costs more than raising it.
  const known = new Map<string, ReturnType<typeof requests.labels>>();
  return {
    answered(method, route, status) {
      const key = `${method} ${status} ${route}`;
      let counter = known.get(key);
      if (counter === undefined) known.set(key, (counter = requests.labels(method, route, String(status))));
      counter.inc();
    },
    committed(count, ms) {
      items.inc(count);
      commits.observe(ms / 1000);
    },
    ask(probes) {
      addOwnGauges(registry, probes);
      database = probes.database;
      asked = [askStock(probes), askSources(probes), askFeed(probes), askInvariants(probes)];
    },
    async render() {
      const answers = await askDatabase();
      return [await registry.metrics(), ...answers].join('\n');
    },
    contentType: registry.contentType,
  };
}

async function isAnswered(question: Promise<void>): Promise<boolean> {
  return within(ANSWER_WITHIN_MS, question).then(
    () => true,
    () => false,
  );
}

/** Figures that have to be asked for, rendered only when the answer came. */
type Asked = { registry: Registry; fill(): Promise<void> };

async function answerOf({ registry, fill }: Asked, onError: (error: unknown) => void): Promise<string> {
  try {
    await within(ANSWER_WITHIN_MS, fill());
    return await registry.metrics();
  } catch (error) {
    onError(error);
    return '';
  }
}

function addOwnGauges(registry: Registry, probes: Probes): void {
  const add = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  add('leadgate_intake_depth', 'Arrivals that wait to be committed', probes.intakeDepth);
  add('leadgate_sockets', 'Open sockets of consoles at this gateway', probes.sockets);
  add('leadgate_leases_held', 'Sources that this gateway polls or sends for', probes.leasesHeld);
}

function askStock({ stock }: Probes): Asked {
  const registry = new Registry();
  const waiting = gauge(
    registry,
    'leadgate_waiting_contacts',
    'Contacts that wait for an operator, by source',
    ['source_id'],
  );
  const oldest = gauge(
    registry,
    'leadgate_waiting_oldest_seconds',
    'Age of the contact that waits longest, by source; 0 when none waits',
    ['source_id'],
  );
  const deliveries = gauge(
    registry,
    'leadgate_deliveries',
    'Replies and callbacks by state: queued, sending, failed, uncertain',
    ['state'],
  );
  const deadLetters = gauge(
    registry,
    'leadgate_dead_letters',
    'Messages that could not be handled and are kept for a person',
  );
  return {
    registry,
    async fill() {
      const found = await stock();
      for (const one of [waiting, oldest, deliveries]) one.reset();
      for (const { sourceId, ...queue } of found.queues) {
        waiting.set({ source_id: sourceId }, queue.waiting);
        oldest.set({ source_id: sourceId }, queue.oldestSeconds);
      }
      for (const [state, count] of Object.entries(found.deliveries)) deliveries.set({ state }, count);
      deadLetters.set(found.deadLetters);
    },
  };
}

function askSources({ sourceStates }: Probes): Asked {
  const registry = new Registry();
  const states = gauge(registry, 'leadgate_source_state', '1 for the state that a source is in', [
    'source_id',
    'state',
  ]);
  return {
    registry,
    async fill() {
      const found = await sourceStates();
      states.reset();
      for (const [id, state] of found) states.set({ source_id: id, state }, 1);
    },
  };
}

function askFeed({ feed }: Probes): Asked {
  const registry = new Registry();
  const lag = gauge(
    registry,
    'leadgate_feed_lag_seconds',
    'Age of the oldest committed event that this gateway has not told yet; 0 when it has told all',
  );
  const horizon = gauge(
    registry,
    'leadgate_feed_horizon_age_seconds',
    'Age of the oldest running transaction that the feed waits for; 0 when there is none',
  );
  return {
    registry,
    async fill() {
      const { lagSeconds, horizonSeconds } = await feed();
      lag.set(lagSeconds);
      horizon.set(horizonSeconds);
    },
  };
}

function askInvariants({ invariantBreaches }: Probes): Asked {
  const registry = new Registry();
  const breaches = gauge(
    registry,
    'leadgate_invariant_breaches',
    'What the last check found that must never be, by invariant; anything above 0 is a bug or a foreign hand',
    ['invariant'],
  );
  return {
    registry,
    async fill() {
      breaches.reset();
      for (const [invariant, count] of invariantBreaches()) breaches.set({ invariant }, count);
    },
  };
}

function gauge<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: L[] = [],
): Gauge<L> {
  return new Gauge({ name, help, labelNames, registers: [registry] });
}

const SAMPLE_MS = 10;

/** How late timers fire since the last scrape. */
function addLoopDelay(registry: Registry): void {
  const delay = monitorEventLoopDelay({ resolution: SAMPLE_MS });
  delay.enable();
  const lateness = new Gauge({
    name: 'leadgate_event_loop_delay_seconds',
    help: 'How late the event loop came to its timers since the last scrape: quantiles 0.5, 0.99 and 1 (the latest)',
    labelNames: ['quantile'],
    registers: [],
    collect() {
      for (const quantile of [0.5, 0.99, 1]) this.set({ quantile }, delaySeconds(delay, quantile));
      delay.reset();
    },
  });
  registry.registerMetric(lateness);
}

// What Node measures is the time between two samples: the wait for the next one is a part of it.
function delaySeconds(delay: ReturnType<typeof monitorEventLoopDelay>, quantile: number): number {
  const nanoseconds = quantile === 1 ? delay.max : delay.percentile(100 * quantile);
  return Math.max(0, nanoseconds / 1e9 - SAMPLE_MS / 1000);
}
