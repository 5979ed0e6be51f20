import type { RefusalReason, Strategy } from '../contract/decision.ts';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { Facts } from './candidate.ts';
import { carryOut, decide } from './decide.ts';
import { Pool } from './pool.ts';
import { drawBy, seededChance } from './seeded.ts';
import { Timetable } from './timetable.ts';

export type SimulatedSource = Readonly<{
  sourceId: SourceId;
  isActive: boolean;
  strategy: Strategy;
  weights: ReadonlyMap<OperatorId, number>;
}>;
export type SimulatedOperator = Readonly<{ operatorId: OperatorId; isActive: boolean; maxLoad: number }>;

/** Milliseconds: when it comes, from the begin on, and how long its operator has it. */
export type SimulatedContact = Readonly<{ sourceId: SourceId; at: number; handling: number }>;

/** What somebody got; `busy` in seat-milliseconds. */
export type Tally = { count: number; busy: number };

/** How a source came out; `waiting` when the time was over. */
export type SourceOutcome = {
  arrived: number;
  waiting: number;
  byOperator: ReadonlyMap<OperatorId, Readonly<Tally>>;
};

type Queued = { contact: SimulatedContact; number: number };

/**
 * A source with its pool and its queue. Who has left the queue stands before `head`; of all changes of loads, the pool
 * has been told the first `told`.
 */
type Line = {
  pool: Pool;
  seats: Seat[];
  told: number;
  queue: Queued[];
  head: number;
  arrived: number;
  byOperator: Map<OperatorId, Tally>;
};

/** An operator; `lines` are those of the sources on which it may get something. */
type Seat = SimulatedOperator & { load: number; lines: Line[] };

/**
 * Sources, operators and queues at one moment of a simulation. Everybody counts as available and online; one load of an
 * operator is seen by all of its sources. Nobody has anything at the begin, and what strategies keep begins anew.
 */
export class SimulatedFloor {
  /** Milliseconds since the begin. */
  now = 0;
  /** How many candidates all decisions together left out, by reason. */
  readonly refused = new Map<RefusalReason, number>();
  /** Milliseconds, of each contact that has got its operator; after `close` of all. */
  readonly waits: number[] = [];
  readonly #duration: number;
  readonly #seed: number;
  readonly #seats: Map<OperatorId, Seat>;
  readonly #lines = new Map<SourceId, Line>();
  readonly #ends = new Timetable<Seat>();
  /** Whose load has changed, one after the other. */
  readonly #changed: Seat[] = [];
  #arrived = 0;
  #waiting = 0;

  constructor(operators: readonly SimulatedOperator[], duration: number, seed: number) {
    this.#duration = duration;
    this.#seed = seed;
    this.#seats = new Map(operators.map((one) => [one.operatorId, { ...one, load: 0, lines: [] }]));
  }

  /** Adds a source; before the first contact. */
  open({ sourceId, isActive, strategy, weights }: SimulatedSource): void {
    const facts = [...weights].map(([operatorId, weight]) => this.#factsOf(operatorId, weight));
    const isOpen = ({ operatorId }: Seat) => isActive && weights.get(operatorId)! > 0;
    const line: Line = {
      pool: new Pool({ isActive, requirePresence: false, strategy }, facts),
      seats: [...weights.keys()].map((operatorId) => this.#seat(operatorId)).filter(isOpen),
      told: 0,
      queue: [],
      head: 0,
      arrived: 0,
      byOperator: new Map(),
    };
    this.#lines.set(sourceId, line);
    for (const seat of line.seats) seat.lines.push(line);
  }

  #factsOf(operatorId: OperatorId, weight: number): Facts {
    const { isActive, maxLoad, load } = this.#seat(operatorId);
    return { operatorId, weight, isActive, availability: 'available', isOnline: true, load, maxLoad };
  }

  /** How many sources are open. */
  get sourceCount(): number {
    return this.#lines.size;
  }

  /** When the next contact ends; Infinity when none does. */
  get nextEnd(): number {
    return this.#ends.nextAt;
  }

  load(operatorId: OperatorId): number {
    return this.#seat(operatorId).load;
  }

  waitingOn(sourceId: SourceId): number {
    const { queue, head } = this.#line(sourceId);
    return queue.length - head;
  }

  outcomeOf(sourceId: SourceId): SourceOutcome {
    const { arrived, byOperator } = this.#line(sourceId);
    return { arrived, waiting: this.waitingOn(sourceId), byOperator };
  }

  /** A contact comes: it gets its operator, or it waits. Contacts come in the order of time. */
  arrive(contact: SimulatedContact): void {
    this.now = contact.at;
    const line = this.#line(contact.sourceId);
    const queued = { contact, number: ++this.#arrived };
    line.arrived += 1;
    if (this.#give(line, queued)) return;
    line.queue.push(queued);
    this.#waiting += 1;
  }

  /** The next contact ends, and whoever may wait for that seat gets it, oldest first. */
  end(): void {
    this.now = this.nextEnd;
    const seat = this.#ends.takeNext();
    this.#setLoad(seat, seat.load - 1);
    while (this.#waiting > 0 && seat.load < seat.maxLoad) {
      const line = oldest(seat.lines);
      if (line === null) break;
      if (!this.#give(line, line.queue[line.head]!)) throw new Error('a seat is free and nobody may get it');
      line.head += 1;
      this.#waiting -= 1;
    }
  }

  /** The time is over. */
  close(): void {
    this.now = this.#duration;
    for (const { queue, head } of this.#lines.values())
      for (let place = head; place < queue.length; place++)
        this.waits.push(this.now - queue[place]!.contact.at);
  }

  #give(line: Line, { contact, number }: Queued): boolean {
    const pool = this.#poolOf(line);
    const verdict = decide(pool, (below) => drawBy(seededChance(this.#seed, number))(below));
    for (const [reason, count] of Object.entries(pool.refusedCounts()) as [RefusalReason, number][])
      this.refused.set(reason, (this.refused.get(reason) ?? 0) + count);
    if (verdict.outcome === 'waiting') return false;
    carryOut(pool, verdict);
    const seat = this.#seat(verdict.operatorId);
    this.#setLoad(seat, seat.load + 1);
    this.#ends.enter(this.now + contact.handling, seat);
    this.waits.push(this.now - contact.at);
    this.#note(line, seat.operatorId, contact.handling);
    return true;
  }

  #note({ byOperator }: Line, operatorId: OperatorId, handling: number): void {
    const tally = byOperator.get(operatorId) ?? { count: 0, busy: 0 };
    tally.count += 1;
    tally.busy += Math.min(handling, this.#duration - this.now);
    byOperator.set(operatorId, tally);
  }

  #setLoad(seat: Seat, load: number): void {
    seat.load = load;
    this.#changed.push(seat);
  }

  /** The pool with the loads of now. To tell every pool each change would cost each change the number of sources. */
  #poolOf(line: Line): Pool {
    const { pool, seats, told } = line;
    const count = this.#changed.length - told;
    for (const { operatorId, load } of count < seats.length ? this.#changed.slice(told) : seats)
      if (pool.has(operatorId) && pool.facts(operatorId)!.load !== load) pool.setLoad(operatorId, load);
    line.told = this.#changed.length;
    return pool;
  }

  #line(sourceId: SourceId): Line {
    const line = this.#lines.get(sourceId);
    if (line === undefined) throw new Error(`source ${sourceId} is not simulated`);
    return line;
  }

  #seat(operatorId: OperatorId): Seat {
    const seat = this.#seats.get(operatorId);
    if (seat === undefined) throw new Error(`operator ${operatorId} is not simulated`);
    return seat;
  }
}

/** Of the lines where somebody waits, the one whose first has come first. */
function oldest(lines: readonly Line[]): Line | null {
  let first: Line | null = null;
  for (const line of lines) {
    const next = line.queue[line.head];
    if (next !== undefined && (first === null || next.number < first.queue[first.head]!.number)) first = line;
  }
  return first;
}
