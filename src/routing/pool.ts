import type { RefusalReason } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import { type Facts, refusalOf, type SourceRules } from './candidate.ts';
import { WeightTree } from './weight-tree.ts';

/**
 * The candidates of one source in the order of their ids, each with the weight it stands in the draw with:
 * its own while it is eligible, 0 while it is not. Only loads change; for anything else a new pool is built.
 */
export class Pool {
  readonly rules: SourceRules;
  readonly #facts: Facts[];
  readonly #reasons: (RefusalReason | null)[];
  readonly #places: Map<OperatorId, number>;
  readonly #refused = new Map<RefusalReason, number>();
  readonly #tree: WeightTree;

  /** O(n log n), facts in any order. Throws on an operator given twice. */
  constructor(rules: SourceRules, facts: readonly Facts[]) {
    this.rules = rules;
    this.#facts = facts.toSorted((a, b) => a.operatorId - b.operatorId);
    this.#reasons = this.#facts.map((one) => refusalOf(rules, one));
    this.#places = new Map(this.#facts.map((one, place) => [one.operatorId, place]));
    if (this.#places.size !== facts.length) throw new Error('an operator stands twice in one pool');
    this.#tree = new WeightTree(
      this.#facts.map((one, place) => (this.#reasons[place] === null ? one.weight : 0)),
    );
    for (const reason of this.#reasons) this.#count(reason, 1);
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
    const facts = { ...this.#facts[place]!, load };
    this.#facts[place] = facts;
    this.#judge(place, refusalOf(this.rules, facts));
  }

  /** The eligible operator to whom an integer ticket, 0 <= ticket < totalWeight, belongs; O(log n). Throws on others. */
  holderOf(ticket: number): OperatorId {
    if (!Number.isInteger(ticket) || ticket < 0 || ticket >= this.totalWeight) {
      throw new RangeError(`ticket ${ticket} is not an integer from 0 below ${this.totalWeight}`);
    }
    return this.#facts[this.#tree.find(ticket)]!.operatorId;
  }

  /** How many candidates are refused for each reason; reasons without any are left out. */
  refusedCounts(): Partial<Record<RefusalReason, number>> {
    return Object.fromEntries([...this.#refused].filter(([, count]) => count > 0));
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
    if (reason === before) return;
    this.#reasons[place] = reason;
    this.#tree.set(place, reason === null ? this.#facts[place]!.weight : 0);
    this.#count(before, -1);
    this.#count(reason, 1);
  }

  #count(reason: RefusalReason | null, change: 1 | -1): void {
    if (reason !== null) this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + change);
  }
}
