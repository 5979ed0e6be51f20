import { fillPostgres, postgresql } from './fill.ts';
import { load } from './load.ts';
import { atLeastOne, type Bench, goalAtLeast, type Part } from './part.ts';
import { fresh, populate } from './population.ts';
import { answerOf, connect } from './postgres.ts';
import { OPERATORS, QUEUE_SOURCE } from './seed.ts';
import { type Seeded, seedPostgres, startOn } from './seeded.ts';
import { inTurn, median, spread } from './statistics.ts';
import { newContact } from './traffic.ts';

const GATEWAYS = [1, 2, 4];
/** At each of them: what one gateway commits together goes by how many wait for it. */
const CLIENTS = 64;
type Floor = { count: number; clients: number };

const FLOORS: Floor[] = [
  ...GATEWAYS.map((count) => ({ count, clients: count * CLIENTS })),
  { count: 4, clients: CLIENTS },
];
const ROUNDS = 3;
const SECONDS = 4;
const GOAL = 3_000;
const FILLED = 20_000;
// Four processes on few cores: each has to have compiled what it runs, on threads that step back.
const WARM_UP_SECONDS = 20;
const BARE_CONNECTIONS = 4;
const BARE_BATCH = 64;

export const gateways: Part = {
  name: 'gateways',
  title: 'Several gateways on one PostgreSQL',
  about:
    `${CLIENTS} clients at each of 1, 2 and 4 gateways, and once ${CLIENTS} at 4 together, open contacts; the gateways ` +
    `share ${OPERATORS} operators with high caps. The ` +
    `limit is PostgreSQL itself: ${BARE_CONNECTIONS} connections on which it makes the same rows by its own ` +
    `generate_series, ${BARE_BATCH} contacts a commit; no client computes or sends any of them, no seat is contended ` +
    'for. After every round the load of each operator is compared with the count of its contacts.',
  async run(bench) {
    const [seeded, bare] = [await filled(bench, 'gateways'), await filled(bench, 'gateways_bare')];
    const seconds = atLeastOne(SECONDS, bench);
    const warmUp = atLeastOne(WARM_UP_SECONDS, bench);
    const runs = [
      ...FLOORS.map((floor) => () => assignBy(seeded, floor, { seconds, warmUp })),
      () => insertBare(bare.url, seconds),
    ];
    const rates = await inTurn(atLeastOne(ROUNDS, bench), runs);
    const limit = rates.pop()!;
    return {
      tables: [
        {
          head: ['gateways', 'clients', 'assignments /s', 'to PostgreSQL itself'],
          rows: [
            ...FLOORS.map(({ count, clients }, n) => [
              count,
              clients,
              spread(rates[n]!),
              (median(rates[n]!) / median(limit)).toFixed(2),
            ]),
            ['PostgreSQL itself', '', spread(limit), ''],
          ],
        },
      ],
      goals: [goalAtLeast('assignments a second with 4 gateways', median(rates[GATEWAYS.indexOf(4)]!), GOAL)],
    };
  },
};

/** Not empty: of tables that nobody has analyzed PostgreSQL knows too little to plan well. */
async function filled(bench: Bench, name: string): Promise<Seeded> {
  const seeded = await seedPostgres(bench, name);
  await fillPostgres(seeded.url, FILLED);
  return seeded;
}

/**
 * Starts so many gateways, loads them all alike by so many clients, and answers the assignments a second. Throws when a
 * load is wrong.
 */
async function assignBy(
  seeded: Seeded,
  { count, clients }: Floor,
  { seconds, warmUp }: { seconds: number; warmUp: number },
): Promise<number> {
  await using running = new AsyncDisposableStack();
  const urls: string[] = [];
  for (let n = 0; n < count; n++) urls.push(running.use(await startOn(seeded)).url);
  let turn = 0;
  const next = () => newContact(urls[turn++ % count]!);
  await load({ next, expected: 201, connections: clients, seconds: warmUp });
  const rate = await load({ next, expected: 201, connections: clients, seconds });
  const isExact = await answerOf(
    seeded.url,
    `select bool_and(load = (select count(*) from contact where operator_id = operator.id and status = 'assigned'))
        and (select count(*) from contact where status = 'waiting' and source_id <> ${QUEUE_SOURCE}) = 0 from operator`,
  );
  if (isExact !== true) throw new Error('a load is not the count of its contacts, or a contact waits');
  return rate;
}

async function insertBare(url: string, seconds: number): Promise<number> {
  await using running = new AsyncDisposableStack();
  const clients = [];
  while (clients.length < BARE_CONNECTIONS) clients.push(running.use(await connect(url)));
  let next = Number(await answerOf(url, 'select coalesce(max(id), 0) + 1 from contact'));
  const first = next;
  const start = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() - start < seconds * 1000) {
        const range = { first: next, last: next + BARE_BATCH - 1, ...fresh };
        next += BARE_BATCH;
        // Without the loads, which come last: connections that count them up would wait for one another.
        const rows = populate(postgresql, range).slice(0, -1);
        await client.query(['begin', ...rows, 'commit'].join(';'));
      }
    }),
  );
  return (next - first) / ((performance.now() - start) / 1000);
}
