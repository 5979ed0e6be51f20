import { ADMIN_TOKEN } from './gateway.ts';
import { openStopwatch, paced } from './pace.ts';
import { atLeastOne, type Findings, goalAtMost, type Part } from './part.ts';
import { openSocket, subscribe } from './socket.ts';
import { seedSqlite, startOn, type Target } from './seeded.ts';
import { startServer } from '../tests/support/gateway.ts';
import { median, percentile, ratios, spread } from './statistics.ts';
import { newMessage } from './traffic.ts';
import { openWire } from './wire.ts';

const RATE = 500;
const SECONDS = 5;
// Some rounds have a stall in them, on either side: the median of many is of the others.
const ROUNDS = 7;
// As `gateways`: what runs five thousand times has been compiled.
const WARM_UP_SECONDS = 10;
/** As long as the event of a message. */
const PADDING = 'x'.repeat(500);
const CHATS = 200;
const NEW_LEAD_EVERY = 10;

export const latency: Part = {
  name: 'latency',
  title: 'A message in, its event at a socket',
  about:
    `${RATE} messages a second through a hook on SQLite, one in ${NEW_LEAD_EVERY} of a new lead; each latency counts ` +
    'from the moment at which the message was due, so that a slow moment is not left out. The limit is a bare ' +
    'websocket that sends the same number of texts of the same length straight back.',
  async run(bench) {
    await using gateway = await startOn(await seedSqlite(bench, 'latency'));
    await using bare = await startServer(['bench/bare/socket.ts'], {}, /^(http:.*)$/);
    // Like a console, which is open all day: no round has the beginning of one in it.
    await using listener = await openListener(gateway);
    await using echo = await openEcho(bare.url);
    const seconds = atLeastOne(SECONDS, bench);
    // Both are warm when the clock starts.
    await listener.time(WARM_UP_SECONDS);
    await echo.time(1);
    const rounds: Round[] = [];
    while (rounds.length < atLeastOne(ROUNDS, bench))
      rounds.push({ echo: await echo.time(seconds), ...(await listener.time(seconds)) });
    return report(rounds);
  },
};

type Round = { echo: number[]; answers: number[]; events: number[] };

/** Percentiles of all rounds together; the ratio compares the two sides of one round. */
function report(rounds: Round[]): Findings {
  const p99s = (side: keyof Round): number[] => rounds.map((round) => percentile(round[side], 0.99));
  const row = (name: string, side: keyof Round) => {
    const took = rounds.flatMap((round) => round[side]);
    const shown = [0.5, 0.99, 0.999].map((part) => percentile(took, part).toFixed(2));
    return [name, took.length, ...shown, spread(ratios(p99s(side), p99s('echo')), 2)];
  };
  const found = median(ratios(p99s('events'), p99s('echo')));
  return {
    tables: [
      {
        head: ['milliseconds', 'messages', 'p50', 'p99', 'p99.9', 'p99 : bare p99'],
        rows: [
          row('bare socket, there and back', 'echo'),
          row('gateway, until the sender has its answer', 'answers'),
          row('gateway, until a socket has the event', 'events'),
        ],
      },
    ],
    goals: [goalAtMost(`p99 at ${RATE}/s : that of a bare socket`, found, 3)],
  };
}

type Echo = AsyncDisposable & { time(seconds: number): Promise<number[]> };

async function openEcho(url: string): Promise<Echo> {
  let watch = openStopwatch();
  const socket = await openSocket(url.replace('http', 'ws'), (text) =>
    watch.arrived(Number.parseInt(text, 10)),
  );
  return {
    async time(seconds) {
      watch = openStopwatch();
      await paced({ rate: RATE, seconds }, (n, at) => {
        watch.intended(n, at);
        socket.send(`${n} ${PADDING}`);
      });
      return watch.all();
    },
    [Symbol.asyncDispose]: () => socket.close(),
  };
}

/** Times messages until a supervisor's socket has their events, and until the senders have their answers. */
export type Listener = AsyncDisposable & {
  time(seconds: number, rate?: number): Promise<{ events: number[]; answers: number[] }>;
};

let messages = 0;

export async function openListener(gateway: Target): Promise<Listener> {
  let events = openStopwatch();
  const socket = await subscribe(gateway.url, ADMIN_TOKEN, (event) => {
    const id = /"external_id":"m-(\d+)"/.exec(event);
    if (id !== null) events.arrived(Number(id[1]));
  });
  const wire = openWire();
  return {
    async time(seconds, rate = RATE) {
      events = openStopwatch();
      const answers = openStopwatch();
      const first = messages;
      messages += Math.round(rate * seconds);
      const posted: Promise<void>[] = [];
      await paced({ rate, seconds }, (n, at) => {
        events.intended(first + n, at);
        answers.intended(first + n, at);
        const lead = n % NEW_LEAD_EVERY === 0 ? undefined : 1 + (n % CHATS);
        const sent = wire.post(newMessage(gateway, `m-${first + n}`, lead), 202);
        posted.push(sent.then(() => answers.arrived(first + n)));
      });
      await Promise.all(posted);
      return { events: await events.all(), answers: await answers.all() };
    },
    async [Symbol.asyncDispose]() {
      wire[Symbol.dispose]();
      await socket.close();
    },
  };
}
