import { CompiledQuery, type Kysely } from 'kysely';
import { isFollowable, newestPosition, oldestUntold, readEvents, type Rows } from './feed-rows.ts';
import {
  compareCursors,
  cursorOf,
  type Feed,
  type FeedAge,
  type Listeners,
  type Position,
  positionOf,
} from './feed.ts';
import { listenToPostgres, WAKE } from './listen-postgresql.ts';

// Transactions commit out of id order. Only rows whose transaction is older than every running one are
// read, in order of (transaction, id): what is read is complete up to there and nothing comes before it later.
const HORIZON = 'xid < pg_snapshot_xmin(pg_current_snapshot())::text::int8';
// While nobody wakes us, or what we were woken for is still behind the horizon.
const POLL_MS = 200;
const QUIET_POLL_MS = 1_000;
const SOONEST_MS = 5;
// While much happens: every gateway looks at all of it, and each look costs a round trip.
const BUSY_MS = 15;
const MUCH = 16;
// Of a machine that is short of time, looking takes no more than a third; but nobody waits long for what has happened.
const REST = 2;
const LONGEST_REST_MS = 50;
const CHUNK = 1_000;
// Whoever was called looks around by itself for a while; who has just called need not call again so soon. A call costs
// every gateway as much as a look, and under load there would be one for each commit.
const AWAKE_MS = 150;
const CALL_EVERY_MS = 100;

type Options = {
  client: Kysely<unknown>;
  databaseUrl: string;
  listeners: Listeners;
  onError: (error: unknown) => void;
};

/**
 * The feed of PostgreSQL: the table is the truth, a commit here or in another gateway is only a hint to look.
 * Follows the table until it is disposed.
 */
export async function postgresFeed({
  client,
  databaseUrl,
  listeners,
  onError,
}: Options): Promise<Feed & { committed(): void } & AsyncDisposable> {
  const rows: Rows = {
    client,
    horizon: HORIZON,
    order: ['xid', 'id'],
    parameter: (n) => `$${n}::int8`,
  };
  let position = await newestPosition(rows);
  let reading: Promise<void> | undefined;
  let calling: Promise<unknown> | undefined;
  let again = false;
  let nextAt = -Infinity;
  let awakeUntil = -Infinity;
  let calledAt = -Infinity;
  let isFailing = false;
  let isClosed = false;
  // Doubles while what has been committed stays behind the horizon: somebody's transaction runs on.
  let patience = SOONEST_MS;
  let timer: NodeJS.Timeout | undefined;

  async function read(): Promise<void> {
    const startedAt = performance.now();
    let found: Awaited<ReturnType<typeof readEvents>>;
    do {
      again = false;
      found = await readEvents(rows, position, CHUNK);
      if (found.length > 0) {
        position = found.at(-1)!.position;
        patience = SOONEST_MS;
      }
      listeners.tell(found.map(({ event }) => event));
    } while (found.length === CHUNK);
    isFailing = false;
    const now = performance.now();
    const tired = Math.min(LONGEST_REST_MS, REST * (now - startedAt));
    const rest = Math.max(found.length > MUCH ? BUSY_MS : SOONEST_MS, tired);
    nextAt = now + rest;
    lookAgainIn(found.length > 0 ? rest : await pauseOf());
  }

  async function pauseOf(): Promise<number> {
    if (performance.now() < awakeUntil) return BUSY_MS;
    if ((await oldestUntold(rows, position)) === null) return listening.hears ? QUIET_POLL_MS : POLL_MS;
    patience = Math.min(POLL_MS, patience * 2);
    return patience;
  }

  function lookAgainIn(ms: number): void {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(look, ms);
  }

  /** At once after a quiet moment; while much happens, many commits are one look. */
  function look(): void {
    again = true;
    if (isClosed || reading !== undefined) return;
    const rest = nextAt - performance.now();
    if (rest > 0) return lookAgainIn(rest);
    reading = read()
      .catch((error: unknown) => {
        // One line for an outage, not five a second.
        if (!isFailing) onError(error);
        isFailing = true;
        lookAgainIn(QUIET_POLL_MS);
      })
      .finally(() => {
        reading = undefined;
        if (again && !isFailing) look();
      });
  }

  /** Wakes whoever may be asleep. Whoever does not hear it looks by itself. */
  function callOthers(): void {
    const now = performance.now();
    if (now < calledAt + CALL_EVERY_MS) return;
    calledAt = now;
    calling = client.executeQuery(CompiledQuery.raw(WAKE)).catch(() => {
      calledAt = -Infinity;
    });
  }

  function hear(): void {
    awakeUntil = performance.now() + AWAKE_MS;
    look();
  }

  const listening = await listenToPostgres(databaseUrl, hear);
  look();
  return {
    committed() {
      look();
      callOthers();
    },
    cursor: async () => cursorOf(await newestPosition(rows)),
    after: async (cursor, limit) => {
      const from = positionOf(cursor);
      if (from === null || !(await isFollowable(rows, from))) return null;
      return (await readEvents(rows, from, limit)).map(({ event }) => event);
    },
    subscribe: (listener) => listeners.add(listener),
    compare: compareCursors,
    age: () => ageOf(rows, position),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      clearTimeout(timer);
      await listening[Symbol.asyncDispose]();
      await reading;
      await calling;
    },
  };
}

async function ageOf(rows: Rows, position: Position): Promise<FeedAge> {
  const untold = await oldestUntold(rows, position);
  const running = await rows.client.executeQuery<{ seconds: number | string | null }>(
    CompiledQuery.raw(
      `select extract(epoch from clock_timestamp() - min(xact_start)) as seconds
         from pg_stat_activity where backend_xid is not null`,
    ),
  );
  const lag = untold === null ? 0 : (Date.now() - untold.getTime()) / 1000;
  return { lagSeconds: Math.max(0, lag), horizonSeconds: Math.max(0, Number(running.rows[0]?.seconds ?? 0)) };
}
