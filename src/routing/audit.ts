import type { RefusalReason, Rule, Strategy } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import type { Cause } from '../contract/stats.ts';
import { Ledger, type Totals } from './ledger.ts';

/** The operators of a source with their weights in force, by id. */
export type Weighed = readonly (readonly [OperatorId, number])[];

/** How routing came to an operator. */
export type Choice = Readonly<{
  /** Why each of the weighed was refused, null for who was free; null where none of this is known. */
  reasons: readonly (RefusalReason | null)[] | null;
  strategy: Strategy;
  rule: Rule;
}>;

/** A step on the way of so many contacts, all of which took the very same one. */
export type Step = Readonly<{
  contacts: number;
  weights: Weighed;
  /** null for a step that a person took. */
  choice: Choice | null;
  /** Who had it before, by the last step; null for the first one. */
  from: OperatorId | null;
  to: OperatorId;
  /** Why it did not stay where it was; of a first step by hand, that. */
  cause: Cause;
}>;

/** What is told of an operator: the contacts that the weights promised, and what makes the difference. */
export type Part = 'expected' | Cause;

export type Accounts = Totals<OperatorId, Part> & {
  /** How far the draws have come out from what they promised, in standard deviations; for who took part in any. */
  zScores: ReadonlyMap<OperatorId, number>;
};

const choices = {
  weighted_random: 'chance',
  smooth_weighted: 'turns',
  least_loaded: 'least-loaded',
} as const satisfies Record<Strategy, Cause>;

/**
 * Says of each operator how many contacts the weights promised, and where the difference to what came is from. Of the
 * first step of a contact among weights w with the sum W, of which those who were free have the sum E:
 *
 * - expected: w / W of each operator, free or not;
 * - a reason takes w / W from each whom it refused, and gives it to those who were free: w / E of it to each;
 * - the choice gives 1 to the chosen one, less the w / E of each who was free.
 *
 * A later step takes 1 from who had it and gives w / E to each who was free, by its cause; then the choice as above. By
 * hand, 1 goes from who had it, or from all by w / W, to who has it now. So the parts of an operator sum to its contacts,
 * and each cause to 0 over all operators, exactly; but where nobody has a weight nothing is promised, and all that comes
 * is by hand. Each draw is there with the chances it had, so that the sum of (1 - p) and (0 - p) has the mean 0.
 */
export class Audit {
  readonly #ledger = new Ledger<OperatorId, Part>();
  // Of the draws alone: the sum of p (1 - p) of each operator.
  readonly #variances = new Map<OperatorId, number>();

  /** O(n) in the operators of the source. */
  add(step: Step): void {
    if (step.from === null) this.#addFirst(step);
    else this.#addLater(step, step.from);
  }

  /** The accounts, in steps. */
  *close(): Generator<void, Accounts> {
    const { denominator, sums } = yield* this.#ledger.totals();
    const zScores = new Map<OperatorId, number>();
    for (const [id, variance] of this.#variances) {
      const chance = sums.get(id)!.get('chance')!;
      if (variance > 0) zScores.set(id, toNumber(chance, denominator) / Math.sqrt(variance));
    }
    return { denominator, sums, zScores };
  }

  #addFirst(step: Step): void {
    const { weights, choice, to, contacts } = step;
    const total = sumOf(weights);
    for (const [id, weight] of weights)
      if (weight > 0) this.#ledger.add(id, 'expected', contacts * weight, total);
    const free = freeOf(step);
    if (choice === null || free === null) {
      const cause = choice === null ? step.cause : 'unexplained';
      this.#ledger.add(to, cause, contacts, 1);
      this.#share(cause, -contacts, weights, total);
      return;
    }
    for (const [reason, lost] of this.#bookRefusals(step, choice.reasons!, total))
      for (const [id, weight] of free)
        this.#ledger.add(
          id,
          reason,
          BigInt(contacts * weight) * BigInt(lost),
          BigInt(total) * BigInt(sumOf(free)),
        );
    this.#bookChoice(step, choice, free);
  }

  #addLater(step: Step, from: OperatorId): void {
    const { choice, to, contacts, cause } = step;
    this.#ledger.add(from, cause, -contacts, 1);
    const free = freeOf(step);
    if (choice === null || free === null) {
      this.#ledger.add(to, cause, contacts, 1);
      return;
    }
    this.#share(cause, contacts, free, sumOf(free));
    this.#bookChoice(step, choice, free);
  }

  /** Takes from each who was refused what it was to expect; answers how much of the weights each reason took. */
  #bookRefusals(
    { weights, contacts }: Step,
    reasons: NonNullable<Choice['reasons']>,
    total: number,
  ): Map<RefusalReason, number> {
    const taken = new Map<RefusalReason, number>();
    for (const [place, [id, weight]] of weights.entries()) {
      const reason = reasons[place]!;
      if (reason === null || weight === 0) continue;
      this.#ledger.add(id, reason, -contacts * weight, total);
      taken.set(reason, (taken.get(reason) ?? 0) + weight);
    }
    return taken;
  }

  #bookChoice({ to, contacts }: Step, { strategy, rule }: Choice, free: Weighed): void {
    const cause = rule === 'prefer_last' ? 'prefer-last' : choices[strategy];
    const eligible = sumOf(free);
    this.#ledger.add(to, cause, contacts, 1);
    this.#share(cause, -contacts, free, eligible);
    if (cause !== 'chance') return;
    for (const [id, weight] of free) {
      const p = weight / eligible;
      this.#variances.set(id, (this.#variances.get(id) ?? 0) + contacts * p * (1 - p));
    }
  }

  /** So many contacts to these operators by their weights. */
  #share(cause: Cause, contacts: number, weights: Weighed, total: number): void {
    for (const [id, weight] of weights) if (weight > 0) this.#ledger.add(id, cause, contacts * weight, total);
  }
}

/** Who was free, with the one that was chosen among them; null where that is not known. */
function freeOf({ weights, choice, to }: Step): Weighed | null {
  const free = weights.filter(([, weight], place) => weight > 0 && choice?.reasons?.[place] === null);
  return free.some(([id]) => id === to) ? free : null;
}

/** A fraction as the nearest number within 2^-40 or so, however long its integers are. */
export function toNumber(numerator: bigint, denominator: bigint): number {
  const whole = numerator / denominator;
  return Number(whole) + Number(((numerator % denominator) << 64n) / denominator) / 2 ** 64;
}

function sumOf(weights: Weighed): number {
  return weights.reduce((sum, [, weight]) => sum + weight, 0);
}
