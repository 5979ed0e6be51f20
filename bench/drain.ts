import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { OperatorId, SourceId } from '../src/contract/ids.ts';
import type { Desk } from '../src/desk/desk.ts';
import { openContact } from '../src/desk/open-contact.ts';
import { setPresence } from '../src/desk/set-presence.ts';
import { Contact } from '../src/store/entities/contact.ts';
import { atLeastOne, goalAtLeast, goalAtMost, type Part } from './part.ts';
import { admin, openSeedDesk, seedMorning } from './seed.ts';
import { median, ratios, spread } from './statistics.ts';

const WAITING = 10_000;
const OPERATORS = 100;
const CHUNK = 256;
const ROUNDS = 5;

export const drain: Part = {
  name: 'drain',
  title: 'The morning: 10,000 wait and 100 operators come online',
  about:
    'In one process on SQLite: from the first operator that comes online to the last contact that is given away, each ' +
    'decided, recorded and told. Beside it the bare loop that writes the same rows of the same file anew by prepared ' +
    `statements, ${CHUNK} contacts a transaction, as durably. The delay of the event loop is measured meanwhile.`,
  async run(bench) {
    const waiting = bench.isShort ? WAITING / 20 : WAITING;
    const [ours, bare, delays]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < atLeastOne(ROUNDS, bench); round++) {
      const file = join(bench.folder, `drain-${round}.db`);
      const { rate, delay } = await drainOnce(file, waiting);
      ours.push(rate);
      delays.push(delay);
      bare.push(writeAnew(file));
    }
    const ratio = ratios(ours, bare);
    return {
      tables: [
        {
          head: ['waiting', 'drained /s', 'bare loop /s', 'to bare', 'event loop delay p99, ms'],
          rows: [
            [waiting.toLocaleString('en'), spread(ours), spread(bare), spread(ratio, 2), spread(delays, 1)],
          ],
        },
      ],
      goals: [
        goalAtLeast('drain : bare loop', median(ratio), 0.3),
        goalAtMost('event loop delay p99 while it drains, ms', median(delays), 25),
      ],
    };
  },
};

async function drainOnce(file: string, waiting: number): Promise<{ rate: number; delay: number }> {
  await using desk = await openSeedDesk(`sqlite:${file}`, randomBytes(32));
  const { source, operators } = await seedMorning(desk, OPERATORS, (2 * waiting) / OPERATORS);
  await Promise.all(
    Array.from({ length: waiting }, (_, n) =>
      openContact(desk, admin, { external_id: `lead ${n}`, source_id: source }, null),
    ),
  );
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const start = performance.now();
  await comeOnline(desk, operators);
  const seconds = (performance.now() - start) / 1000;
  loop.disable();
  await expectNobodyWaits(desk, source);
  return { rate: waiting / seconds, delay: loop.percentile(99) / 1e6 };
}

async function comeOnline(desk: Desk, operators: OperatorId[]): Promise<void> {
  for (const operatorId of operators) {
    // Each console comes by a socket of its own.
    await nextTurn();
    await setPresence(desk, { operatorId, gateway: 'bench', isOnline: true });
  }
  await desk.drains.idle();
}

async function expectNobodyWaits(desk: Desk, source: SourceId): Promise<void> {
  const left = await desk.store.em().count(Contact, { source, status: 'waiting' });
  if (left > 0) throw new Error(`${left} contacts still wait`);
}

/** Writes what the drain has written once more, row by row; answers how many contacts a second. */
function writeAnew(file: string): number {
  const db = new Database(file);
  db.pragma('synchronous = full');
  const rowsOf = (table: string, where: string) =>
    db.prepare<[], Record<string, unknown>>(`select * from ${table} where ${where} order by id`).all();
  const decisions = rowsOf('decision', "trigger_kind = 'drain'");
  const events = rowsOf('event', "type = 'contact.assigned'");
  const decide = inserter(db, 'decision', decisions[0]!);
  const tell = inserter(db, 'event', events[0]!);
  const assign = db.prepare(
    `update contact set status = 'assigned', operator_id = ?, assigned_at = ?, attempt = attempt + 1,
            version = version + 1 where id = ?`,
  );
  const start = performance.now();
  for (let from = 0; from < decisions.length; from += CHUNK) {
    db.transaction(() => {
      for (let n = from; n < Math.min(from + CHUNK, decisions.length); n++) {
        const { contact_id: id, operator_id: operator, at } = decisions[n]!;
        assign.run(operator, at, id);
        decide(decisions[n]!);
        tell(events[n]!);
      }
    })();
  }
  const seconds = (performance.now() - start) / 1000;
  db.close();
  return decisions.length / seconds;
}

/** Inserts a copy of a row with an id of its own. */
function inserter(db: Database.Database, table: string, like: Record<string, unknown>) {
  const columns = Object.keys(like).filter((column) => column !== 'id');
  const statement = db.prepare(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  );
  return (row: Record<string, unknown>) => statement.run(columns.map((column) => row[column]));
}
