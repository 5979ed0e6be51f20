import { ADMIN_TOKEN, usageOf } from './gateway.ts';
import { openListener } from './latency.ts';
import { atLeastOne, type Bench, type Findings, type Part } from './part.ts';
import { seedOperators } from './seed.ts';
import { seedSqlite, startOn, type Target } from './seeded.ts';
import { openSocket, type Socket, subscribe } from './socket.ts';
import { startServer } from '../tests/support/gateway.ts';
import { median, percentile, spread } from './statistics.ts';
import { newMessage } from './traffic.ts';
import { openWire } from './wire.ts';

const SOCKETS = 1_000;
const FAN_OUTS = 20;
const RATE = 500;
const SECONDS = 8;

export const sockets: Part = {
  name: 'sockets',
  title: '1,000 sockets',
  about:
    'First a thousand supervisors, who hear everything: one message is told until the last of them has it, beside a ' +
    'bare websocket server that sends the same text to as many. Then a thousand operators, each with a token of its ' +
    `own and only its own contacts, under ${RATE} messages a second. All sockets are read by one process.`,
  async run(bench) {
    const supervisors = await withSupervisors(bench);
    const operators = await withOperators(bench);
    return { tables: [supervisors, operators], goals: [] };
  },
};

/** Opens as many sockets, a hundred at a time, and tells how long it took. */
async function connectAll(
  count: number,
  open: (n: number) => Promise<Socket>,
): Promise<{ all: Socket[]; ms: number }> {
  const start = performance.now();
  const all: Socket[] = [];
  while (all.length < count) {
    const next = Array.from({ length: Math.min(100, count - all.length) }, (_, n) => open(all.length + n));
    all.push(...(await Promise.all(next)));
  }
  return { all, ms: performance.now() - start };
}

async function closeAll(all: Socket[]): Promise<void> {
  await Promise.all(all.map((socket) => socket.close()));
}

/** Counts who has heard; one fan-out is over when everybody has. */
function openCount(of: number): { heard(): void; all(): Promise<void> } {
  let left = of;
  let over = Promise.withResolvers<void>();
  return {
    heard() {
      left -= 1;
      if (left === 0) over.resolve();
    },
    async all() {
      await over.promise;
      left = of;
      over = Promise.withResolvers();
    },
  };
}

async function withSupervisors(bench: Bench): Promise<Findings['tables'][number]> {
  await using gateway = await startOn(await seedSqlite(bench, 'supervisors'));
  await using bare = await startServer(['bench/bare/socket.ts'], {}, /^(http:.*)$/);
  {
    await using listener = await openListener(gateway);
    await listener.time(1, 100);
  }
  const before = await usageOf(gateway);
  const count = openCount(SOCKETS);
  let length = 0;
  const ours = await connectAll(SOCKETS, () =>
    subscribe(gateway.url, ADMIN_TOKEN, (event) => {
      if (!event.includes('"type":"message.created"')) return;
      length = event.length;
      count.heard();
    }),
  );
  const after = await usageOf(gateway);
  const told = await tellAll(bench, count, gateway);
  await closeAll(ours.all);

  const theirs = await connectAll(SOCKETS, () =>
    openSocket(bare.url.replace('http', 'ws'), () => count.heard()),
  );
  const echoed = await timeFanOuts(bench, count, async () => theirs.all[0]!.send(`*${'x'.repeat(length)}`));
  await closeAll(theirs.all);
  return {
    head: ['1,000 supervisors', 'gateway', 'bare websocket', 'gateway : bare'],
    rows: [
      ['connected and subscribed, ms', ours.ms, theirs.ms, (ours.ms / theirs.ms).toFixed(1)],
      ['memory of a socket, KB', (((after.rssMb - before.rssMb) * 1024) / SOCKETS).toFixed(0), '', ''],
      [
        'one event to all, ms',
        spread(told, 1),
        spread(echoed, 1),
        (median(told) / median(echoed)).toFixed(1),
      ],
    ],
  };
}

/** Each time a message into a conversation that is there already: it is one event. */
async function tellAll(bench: Bench, count: { all(): Promise<void> }, gateway: Target): Promise<number[]> {
  using wire = openWire();
  let n = 0;
  return await timeFanOuts(bench, count, () => wire.post(newMessage(gateway, `fan-${++n}`, 1), 202));
}

async function timeFanOuts(
  bench: Bench,
  count: { all(): Promise<void> },
  send: () => Promise<void>,
): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < atLeastOne(FAN_OUTS, bench); round++) {
    const start = performance.now();
    await Promise.all([send(), count.all()]);
    took.push(performance.now() - start);
  }
  return took;
}

async function withOperators(bench: Bench): Promise<Findings['tables'][number]> {
  const seeded = await seedSqlite(bench, 'operators');
  const tokens = await seedOperators(seeded.url, SOCKETS);
  await using gateway = await startOn(seeded);
  const seconds = atLeastOne(SECONDS, bench);
  await using listener = await openListener(gateway);
  await listener.time(1);
  const without = (await listener.time(seconds)).events;
  const { all, ms } = await connectAll(SOCKETS, (n) => subscribe(gateway.url, tokens[n]!, () => {}));
  const withAll = (await listener.time(seconds)).events;
  await closeAll(all);
  const row = (name: string, took: number[], connected: string) => [
    name,
    connected,
    ...[0.5, 0.99, 0.999].map((part) => percentile(took, part).toFixed(2)),
  ];
  return {
    head: [`1,000 operators, ${RATE} messages/s`, 'connected in, ms', 'p50, ms', 'p99, ms', 'p99.9, ms'],
    rows: [row('before they connect', without, ''), row('while they are connected', withAll, ms.toFixed(0))],
  };
}
