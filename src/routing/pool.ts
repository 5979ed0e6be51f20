import type { RefusalReason } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import { type Excluded, type Facts, refusalOf, type SourceRules } from './candidate.ts';
import { LeastLoaded } from './least-loaded.ts';
import { codeOf, SITUATION_LIMIT } from './situation.ts';
import { SmoothWeighted } from './smooth-weighted.ts';
import { type Chooser, type Draw, fresh, type Memory, type Question } from './strategy.ts';
import { WeightedRandom } from './weighted-random.ts';
import { WeightTree } from './weight-tree.ts';

/** Whom the source's strategy chooses; `ticket` is null where nothing was drawn. */
export type Chosen = { operatorId: OperatorId; ticket: number | null };

/**
 * The candidates of one source in the order of their ids, each with the weight it stands in the draw with:
 * its own while it is eligible, 0 while it is not. Only loads change, and what the strategy keeps; for anything else a
 * new pool is built.
 */
export class Pool {
  readonly rules: SourceRules;
  // Its own: loads change in them.
  readonly #facts: (Facts & { load: number })[];
  readonly #reasons: (RefusalReason | null)[];
  readonly #places: Map<OperatorId, number>;
  readonly #refused = new Map<RefusalReason, number>();
  // A code for each of `#reasons`.
  readonly #codes: Uint8Array;
  readonly #tree: WeightTree;
  readonly #chooser: Chooser;

  /** O(n log n), facts in any order; `memory` is what the strategy kept. Throws on an operator given twice. */
  constructor(rules: SourceRules, facts: readonly Facts[], memory: Memory = fresh) {
    this.rules = rules;
    this.#facts = facts.map((one) => ({ ...one })).sort((a, b) => a.operatorId - b.operatorId);
    this.#reasons = this.#facts.map((one) => refusalOf(rules, one));
    this.#places = new Map(this.#facts.map((one, place) => [one.operatorId, place]));
    if (this.#places.size !== facts.length) throw new Error('an operator stands twice in one pool');
    this.#tree = new WeightTree(
      this.#facts.map((one, place) => (this.#reasons[place] === null ? one.weight : 0)),
    );
    this.#codes = Uint8Array.from(this.#reasons, codeOf);
    for (const reason of this.#reasons) this.#count(reason, 1);
    this.#chooser = this.#chooserWith(memory);
  }

  #chooserWith({ turn, marks }: Memory): Chooser {
    const chooser = this.#open(
      turn,
      this.#facts.map((one) => marks.get(one.operatorId) ?? null),
    );
    for (const [place, facts] of this.#facts.entries())
      chooser.set(place, facts, this.#reasons[place] === null);
    return chooser;
  }

  #open(turn: number, marks: (number | null)[]): Chooser {
    switch (this.rules.strategy) {
      case 'weighted_random':
        return new WeightedRandom(this.#tree);
      case 'smooth_weighted':
        return new SmoothWeighted(
          turn,
          this.#facts.map((one) => one.weight),
          marks,
        );
      case 'least_loaded':
        return new LeastLoaded(turn, marks);
    }
  }

  get size(): number {
    return this.#facts.length;
  }

  /** The sum of the weights of all eligible candidates; 0 when and only when nobody is eligible. */
  get totalWeight(): number {
    return this.#tree.total;
  }

  has(id: OperatorId): boolean {
    return this.#places.has(id);
  }

  /** The operator's facts with its present load. */
  facts(id: OperatorId): Facts | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#facts[place];
  }

  /** False also for an operator that is not in the pool. */
  isEligible(id: OperatorId): boolean {
    return this.effectiveWeight(id) > 0;
  }

  /** The weight the operator stands in the draw with; 0 when it is not eligible or not in the pool. */
  effectiveWeight(id: OperatorId): number {
    const place = this.#places.get(id);
    return place === undefined ? 0 : this.#tree.at(place);
  }

  /** The effective weight of all candidates before this one by id; 0 for one not in the pool. O(log n). */
  weightBefore(id: OperatorId): number {
    const place = this.#places.get(id);
    return place === undefined ? 0 : this.#tree.sumBefore(place);
  }

  /** Tells the pool an operator's new load, above its cap or below; O(log n). Nothing happens for ids not in it. */
  setLoad(id: OperatorId, load: number): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    const facts = this.#facts[place]!;
    facts.load = load;
    this.#judge(place, refusalOf(this.rules, facts));
  }

  /** The weight of all who are eligible and not excluded. */
  weightWithout(except: Excluded): number {
    let weight = this.totalWeight;
    for (const id of except.keys()) weight -= this.effectiveWeight(id);
    return weight;
  }

  /** Whom the strategy chooses among those who are eligible and not excluded; the pool stays as it is. Throws when nobody is. */
  pick(draw: Draw, except: Excluded): Chosen {
    const { place, ticket } = this.#chooser.pick(this.#question(except), draw);
    return { operatorId: this.#facts[place]!.operatorId, ticket };
  }

  /** Whom it would have chosen next; null where a draw decides, or when nobody else is eligible. */
  runnerUp(chosen: OperatorId, except: Excluded): Facts | null {
    const place = this.#chooser.runnerUp(this.#question(except), this.#places.get(chosen)!);
    return place === null ? null : this.#facts[place]!;
  }

  /** Tells the strategy that whom it picked has got the contact. */
  took(chosen: OperatorId, except: Excluded): void {
    this.#chooser.took(this.#question(except), this.#places.get(chosen)!);
  }

  /** How far the strategy has come; null where it keeps nothing. */
  get turn(): number | null {
    return this.rules.strategy === 'weighted_random' ? null : this.#chooser.turn;
  }

  /** What the strategy keeps of an operator; null for nothing. */
  mark(id: OperatorId): number | null {
    const place = this.#places.get(id);
    return place === undefined ? null : this.#chooser.mark(place);
  }

  /** What the strategy keeps, to go on with in a pool that is built anew. */
  get memory(): Memory {
    const marks = this.#facts.flatMap(({ operatorId }, place): [OperatorId, number][] => {
      const mark = this.#chooser.mark(place);
      return mark === null ? [] : [[operatorId, mark]];
    });
    return { turn: this.#chooser.turn, marks: new Map(marks) };
  }

  /** How many candidates are refused for each reason; reasons without any are left out. */
  refusedCounts(): Partial<Record<RefusalReason, number>> {
    return Object.fromEntries([...this.#refused].filter(([, count]) => count > 0));
  }

  /** Who was refused and why, a letter for each candidate by id (see situation.ts); null for too many of them. */
  situation(except: Excluded): string | null {
    if (this.size > SITUATION_LIMIT) return null;
    if (except.size === 0) return String.fromCharCode(...this.#codes);
    const codes = this.#codes.slice();
    for (const [id, reason] of except) if (this.isEligible(id)) codes[this.#places.get(id)!] = codeOf(reason);
    return String.fromCharCode(...codes);
  }

  /**
   * Up to `length` candidates in a row by id: `lead` of them before the operator, fewer where the row begins or
   * more where it ends; the first ones for null.
   */
  around(id: OperatorId | null, lead: number, length: number): readonly Facts[] {
    const place = id === null ? 0 : (this.#places.get(id) ?? 0);
    const start = Math.max(0, Math.min(place - lead, this.size - length));
    return this.#facts.slice(start, start + length);
  }

  #judge(place: number, reason: RefusalReason | null): void {
    const before = this.#reasons[place]!;
    if (reason !== before) {
      this.#reasons[place] = reason;
      this.#codes[place] = codeOf(reason);
      this.#tree.set(place, reason === null ? this.#facts[place]!.weight : 0);
      this.#count(before, -1);
      this.#count(reason, 1);
    }
    this.#chooser.set(place, this.#facts[place]!, reason === null);
  }

  #question(except: Excluded): Question {
    const totalWeight = this.weightWithout(except);
    if (totalWeight === 0) throw new RangeError('nobody is eligible');
    if (except.size === 0) return { totalWeight, except: NOWHERE };
    const there = [...except.keys()].filter((id) => this.isEligible(id));
    return { totalWeight, except: there.map((id) => this.#places.get(id)!).sort((a, b) => a - b) };
  }

  #count(reason: RefusalReason | null, change: 1 | -1): void {
    if (reason !== null) this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + change);
  }
}

const NOWHERE: readonly number[] = [];
