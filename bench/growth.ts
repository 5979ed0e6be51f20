import { fillPostgres, fillSqlite } from './fill.ts';
import { load } from './load.ts';
import { atLeastOne, type Bench, type Findings, goalAtLeast, type Part } from './part.ts';
import { type Seeded, seedPostgres, seedSqlite, startOn, type Target } from './seeded.ts';
import { inTurn, median, ratios, spread } from './statistics.ts';
import { newContact } from './traffic.ts';

const SIZES = [0, 100_000, 1_000_000];
const GOALS = new Map([
  [100_000, 0.9],
  [1_000_000, 0.85],
]);
const CONNECTIONS = 64;
const ROUNDS = 4;
const SECONDS = 3;

export const growth: Part = {
  name: 'growth',
  title: 'Intake by the number of open contacts',
  about:
    `POST /contacts over ${CONNECTIONS} connections into a database without contacts (what a round adds stays in it), ` +
    'with 100,000 and with 1,000,000 open ones, a tenth of them waiting where nobody is free. The three gateways take ' +
    'turns; a ratio compares the rates of one round, and of those the median stands here with the lowest and the highest.',
  async run(bench) {
    const sizes = bench.isShort ? SIZES.slice(0, 2) : SIZES;
    const sqlite = await measure(bench, 'SQLite', sizes, (size) => filledSqlite(bench, size));
    const postgres = await measure(bench, 'PostgreSQL', sizes, (size) => filledPostgres(bench, size));
    return {
      tables: [sqlite, postgres].flatMap((one) => one.tables),
      goals: [...sqlite.goals, ...postgres.goals],
    };
  },
};

async function measure(
  bench: Bench,
  database: string,
  sizes: number[],
  fill: (size: number) => Promise<Seeded>,
): Promise<Findings> {
  await using running = new AsyncDisposableStack();
  const gateways: Target[] = [];
  for (const size of sizes) gateways.push(running.use(await startOn(await fill(size))));
  const runs = gateways.map(
    ({ url }) =>
      () =>
        postContacts(url, SECONDS),
  );
  // Code that is not compiled yet, and a cache that is not filled yet, say nothing of the size.
  for (const { url } of gateways) await postContacts(url, 1);
  const rates = await inTurn(atLeastOne(ROUNDS, bench), runs);
  const toEmpty = rates.map((own) => ratios(own, rates[0]!));
  return {
    tables: [
      {
        head: [`open contacts, ${database}`, 'contacts /s', 'to empty'],
        rows: sizes.map((size, n) => [size.toLocaleString('en'), spread(rates[n]!), spread(toEmpty[n]!, 2)]),
      },
    ],
    goals: sizes.slice(1).map((size, n) => {
      const about = `${database}: ${size.toLocaleString('en')} open contacts : empty`;
      return goalAtLeast(about, median(toEmpty[n + 1]!), GOALS.get(size)!);
    }),
  };
}

function postContacts(url: string, seconds: number): Promise<number> {
  return load({ next: () => newContact(url), expected: 201, connections: CONNECTIONS, seconds });
}

async function filledSqlite(bench: Bench, size: number): Promise<Seeded> {
  const seeded = await seedSqlite(bench, `growth-${size}`);
  if (size > 0) fillSqlite(seeded.file, size);
  return seeded;
}

async function filledPostgres(bench: Bench, size: number): Promise<Seeded> {
  const seeded = await seedPostgres(bench, `growth_${size}`);
  if (size > 0) await fillPostgres(seeded.url, size);
  return seeded;
}
