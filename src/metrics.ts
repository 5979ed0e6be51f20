import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

type Probes = {
  /** What waits to be committed. */
  intakeDepth(): number;
  sockets(): number;
  /** Waiting contacts by source id; asked at every scrape. */
  waiting(): Promise<ReadonlyMap<number, number>>;
};

export type Metrics = {
  answered(method: string, route: string, status: number): void;
  render(): Promise<string>;
  readonly contentType: string;
};

/** The gateway's figures for Prometheus, beside those of the process itself (memory, event-loop delay). */
export function openMetrics(probes: Probes): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: 'leadgate_http_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  registry.registerMetric(
    new Gauge({
      name: 'leadgate_waiting_contacts',
      help: 'Contacts that wait for an operator, by source',
      labelNames: ['source_id'],
      registers: [],
      async collect() {
        this.reset();
        for (const [source, count] of await probes.waiting()) this.set({ source_id: source }, count);
      },
    }),
  );
  registry.registerMetric(
    simpleGauge('leadgate_intake_depth', 'Arrivals that wait to be committed', probes.intakeDepth),
  );
  registry.registerMetric(simpleGauge('leadgate_sockets', 'Open sockets of consoles', probes.sockets));

  // Looking a counter up by its labels costs more than raising it.
  const known = new Map<string, ReturnType<typeof requests.labels>>();
  return {
    answered(method, route, status) {
      const key = `${method} ${status} ${route}`;
      let counter = known.get(key);
      if (counter === undefined) known.set(key, (counter = requests.labels(method, route, String(status))));
      counter.inc();
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function simpleGauge(name: string, help: string, read: () => number): Gauge {
  return new Gauge({
    name,
    help,
    registers: [],
    collect() {
      this.set(read());
    },
  });
}
