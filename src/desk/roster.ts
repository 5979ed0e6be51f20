import type { OperatorId, SourceId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { carryOut, type Verdict } from '../routing/decide.ts';
import { Pool } from '../routing/pool.ts';
import { fresh } from '../routing/strategy.ts';
import type { OperatorFacts, ReservedIds, RoutingFacts, SourceFacts } from '../store/dialect.ts';
import type { CountedTable, NewRows } from '../store/shapes.ts';
import { type Ending, Outdated, type Tx } from '../store/write.ts';

/** Who may get a contact of these sources, as the open transaction sees and holds it. */
export class Roster {
  readonly configVersion: number;
  /** Nobody else changes what it knows while the transaction runs. */
  readonly isHeld: boolean;
  readonly #sources: Map<SourceId, SourceFacts>;
  readonly #operators: Map<OperatorId, OperatorFacts>;
  readonly #pools: Map<SourceId, Pool>;
  #moved = new Map<OperatorId, number>();
  readonly #picked = new Set<SourceId>();
  // Who was given something because of being online.
  readonly #online = new Set<OperatorId>();

  constructor(facts: RoutingFacts, isHeld = true) {
    this.isHeld = isHeld;
    this.configVersion = facts.configVersion;
    this.#sources = new Map(facts.sources.map((source) => [source.id, source]));
    this.#operators = new Map(facts.operators.map((operator) => [operator.id, { ...operator }]));
    this.#pools = new Map(facts.sources.map((source) => [source.id, this.#poolOf(source, facts)]));
  }

  #poolOf(source: SourceFacts, { weights }: RoutingFacts): Pool {
    const candidates = weights
      .filter(({ sourceId }) => sourceId === source.id)
      .map(({ operatorId, weight }) => {
        const { id: _, ...operator } = this.#operators.get(operatorId)!;
        return { ...operator, operatorId, weight };
      });
    const { memory } = source;
    return new Pool(
      source,
      candidates,
      memory === null ? fresh : { ...memory, marks: new Map(memory.marks) },
    );
  }

  get sourceIds(): SourceId[] {
    return [...this.#sources.keys()];
  }

  source(id: SourceId): SourceFacts | undefined {
    return this.#sources.get(id);
  }

  operator(id: OperatorId): OperatorFacts | undefined {
    return this.#operators.get(id);
  }

  pool(id: SourceId): Pool {
    const pool = this.#pools.get(id);
    if (pool === undefined) throw new Problem('not-found', { detail: `There is no source ${id}.` });
    return pool;
  }

  /** The sources on which somebody may get something. */
  get openSources(): SourceId[] {
    return this.sourceIds.filter((id) => this.pool(id).totalWeight > 0);
  }

  /** Whether what it knows may be over at the commit, though strategies rest on it that go by what they picked before. */
  get needsHold(): boolean {
    return !this.isHeld && this.sourceIds.some((id) => this.pool(id).turn !== null);
  }

  /** Gives the contact of a source to whom the rule chose; `writeLoads` and `writeMemory` bring it to the database. */
  carryOut(sourceId: SourceId, verdict: Verdict): void {
    const pool = this.pool(sourceId);
    carryOut(pool, verdict);
    if (verdict.outcome === 'waiting') return;
    if (pool.turn !== null) this.#picked.add(sourceId);
    if (pool.rules.requirePresence) this.#online.add(verdict.operatorId);
    this.move(verdict.operatorId, 1);
  }

  /** Writes what the strategies keep of their picks. */
  async writeMemory(tx: Tx): Promise<void> {
    if (this.#picked.size === 0) return;
    const rows = [...this.#picked].map((sourceId) => {
      const { turn, marks } = this.pool(sourceId).memory;
      return { sourceId, turn, marks: [...marks] };
    });
    await tx.sql.keepMemory(rows);
    this.#picked.clear();
  }

  /** Changes an operator's load here; `writeLoads` brings it to the database. */
  move(id: OperatorId, delta: number): void {
    const operator = this.#operators.get(id);
    if (operator === undefined) throw new Error(`operator ${id} is not in this roster`);
    operator.load += delta;
    this.#moved.set(id, (this.#moved.get(id) ?? 0) + delta);
    for (const pool of this.#pools.values()) pool.setLoad(id, operator.load);
  }

  /**
   * Writes the changed loads, and what strategies keep. The update itself keeps the cap; that it changes every row shows
   * that the loads here are those of the database. Throws when they are not: the transaction is rolled back then.
   */
  async writeLoads(tx: Tx): Promise<void> {
    await this.writeMemory(tx);
    const deltas = this.#takeLoads();
    if (deltas.size > 0 && (await tx.sql.moveLoads(deltas)) !== deltas.size) throw this.#unmoved();
  }

  /** The same as a part of a transaction's ending; throws Outdated where others may change what it only has read. */
  ending(rows: NewRows): Ending {
    if (this.#picked.size > 0) throw new Error('what the strategies keep is not written yet');
    return {
      rows,
      configVersion: this.isHeld ? null : this.configVersion,
      loads: () => this.#takeLoads(),
      online: () => this.#takeOnline(),
      unmoved: () => this.#unmoved(),
    };
  }

  #takeLoads(): ReadonlyMap<OperatorId, number> {
    const deltas = new Map([...this.#moved].filter(([, delta]) => delta !== 0).sort(([a], [b]) => a - b));
    this.#moved = new Map();
    return deltas;
  }

  #takeOnline(): ReadonlySet<OperatorId> {
    const online = new Set(this.#online);
    this.#online.clear();
    return online;
  }

  #unmoved(): Error {
    const told = 'a load would leave its bounds';
    return this.isHeld ? new Error(told) : new Outdated(told);
  }
}

/** The roster that intake used last, and when that was. */
export type RosterMemory = { last: { roster: Roster; serial: number; foreignWrites: number } | null };

/** Reads the roster of these sources and operators; on PostgreSQL their operators are locked from here on. */
export async function openRoster(
  tx: Tx,
  sourceIds: SourceId[],
  operatorIds: OperatorId[] = [],
): Promise<Roster> {
  return new Roster(await tx.sql.routingFacts(sourceIds, operatorIds));
}

/** What a batch is routed by, and the ids that it needs. */
export type Outlook<T extends CountedTable> = { roster: Roster; ids: ReservedIds<T> };

/**
 * Like `openRoster`, with reserved ids, but uses what the transaction just before this one left, where nobody else can
 * have written meanwhile: under load a batch then reads nothing of the operators. Where others do write, nobody is
 * locked: loads are written last and show whether all was still so; only work that runs again for that locks. Call
 * `rememberRoster` at the end.
 */
export async function recallRoster<T extends CountedTable>(
  tx: Tx,
  memory: RosterMemory,
  { sourceIds, counts }: { sourceIds: SourceId[]; counts: Record<T, number> },
): Promise<Outlook<T>> {
  const { last } = memory;
  memory.last = null;
  const isFresh =
    last !== null && last.serial === tx.serial - 1 && last.foreignWrites === tx.sql.foreignWrites();
  if (!isFresh) {
    const { facts, ids } = await tx.sql.outlook(sourceIds, counts);
    // One writer at a time holds everything anyway.
    return { roster: new Roster(facts, tx.sql.foreignWrites() !== null), ids };
  }
  const isKnown = sourceIds.every((id) => last.roster.source(id) !== undefined);
  const all = [...new Set([...last.roster.sourceIds, ...sourceIds])];
  const roster = isKnown ? last.roster : await openRoster(tx, all);
  return { roster, ids: await tx.sql.reserveIds(counts) };
}

/** Keeps the roster for the next batch, once this one is committed. */
export function rememberRoster(tx: Tx, memory: RosterMemory, roster: Roster): void {
  const foreignWrites = tx.sql.foreignWrites();
  if (foreignWrites === null) return;
  tx.afterCommit(() => {
    memory.last = { roster, serial: tx.serial, foreignWrites };
  });
}

/** A transaction that changes nothing of operators leaves what is remembered as it is. */
export function carryRoster(tx: Tx, memory: RosterMemory): void {
  const { last } = memory;
  if (last === null || last.serial !== tx.serial - 1) return;
  tx.afterCommit(() => {
    memory.last = { ...last, serial: tx.serial };
  });
}

/** Takes or frees seats on behalf of a verb. Throws Problem('operator-inactive') or Problem('operator-full'). */
export function moveSeats(roster: Roster, loads: ReadonlyMap<OperatorId, number>): void {
  for (const [id, delta] of loads) {
    const operator = roster.operator(id);
    if (delta > 0) {
      if (operator === undefined || !operator.isActive) throw new Problem('operator-inactive');
      if (operator.load + delta > operator.maxLoad) throw new Problem('operator-full');
    }
    roster.move(id, delta);
  }
}
