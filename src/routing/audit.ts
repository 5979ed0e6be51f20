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
  /** Whether somebody has the contacts now. Of others nothing is counted but their draws. */
  isHeld: boolean;
}>;

/** What is told of an operator: the contacts that the weights promised, and what makes the difference. */
export type Part = 'expected' | Cause;

/**
 * How far the draws have come out from what they promised, in contacts, and the variance of that by chance: the sum of
 * p (1 - p) over all draws.
 */
export type Luck = { distance: number; variance: number };

export type Accounts = Totals<OperatorId, Part> & {
  /** Of whoever took part in a draw that could come out in another way. */
  luck: ReadonlyMap<OperatorId, Luck>;
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
 * is by hand.
 *
 * Luck counts every draw with the chances it had, also of contacts that nobody has any more, so that its mean is 0.
 */
export class Audit {
  readonly #ledger = new Ledger<OperatorId, Part>();
  readonly #luck = new Map<OperatorId, Luck>();

  /** O(n) in the operators of the source. */
  add(step: Step): void {
    if (isDraw(step)) this.#addLuck(step);
    if (!step.isHeld) return;
    if (step.from === null) this.#addFirst(step);
    else this.#addLater(step, step.from);
  }

  /** The accounts, in steps. */
  *close(): Generator<void, Accounts> {
    return { ...(yield* this.#ledger.totals()), luck: this.#luck };
  }

  #addLuck(step: Step): void {
    const free = freeOf(step);
    // Where one alone was free there was nothing to draw.
    if (free === null || free.length === 1) return;
    const eligible = sumOf(free);
    for (const [id, weight] of free) {
      const p = weight / eligible;
      const { distance, variance } = this.#luck.get(id) ?? { distance: 0, variance: 0 };
      this.#luck.set(id, {
        distance: distance + step.contacts * (Number(id === step.to) - p),
        variance: variance + step.contacts * p * (1 - p),
      });
    }
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
    const cause = choiceCause(strategy, rule);
    const eligible = sumOf(free);
    this.#ledger.add(to, cause, contacts, 1);
    this.#share(cause, -contacts, free, eligible);
  }

  /** So many contacts to these operators by their weights. */
  #share(cause: Cause, contacts: number, weights: Weighed, total: number): void {
    for (const [id, weight] of weights) if (weight > 0) this.#ledger.add(id, cause, contacts * weight, total);
  }
}

function isDraw({ choice }: Step): boolean {
  return choice !== null && choiceCause(choice.strategy, choice.rule) === 'chance';
}

function choiceCause(strategy: Strategy, rule: Rule): Cause {
  return rule === 'prefer_last' ? 'prefer-last' : choices[strategy];
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
