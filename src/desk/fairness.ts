import { RefusalReason } from '../contract/decision.ts';
import type { OperatorId } from '../contract/ids.ts';
import type { Cause, Distribution, Fairness } from '../contract/stats.ts';
import type { Luck } from '../routing/audit.ts';

type Share = Distribution['items'][number]['operators'][number];
type Told = Omit<Fairness, 'code' | 'text'>;

/** Of how many sources whose draws are right one may be called unlikely. */
const ONE_IN = 1_000;

const NOTHING: Told = { operator_id: null, cause: null, contacts: null, z_score: null };

/** The choices of the rule itself: what they make is no reason that somebody else could mend. */
const ofTheRule: ReadonlySet<string> = new Set<Cause>(['chance', 'turns']);

/** Whether a source gave its contacts away as its weights say, in one sentence. */
export function fairnessOf(
  operators: readonly Share[],
  luck: ReadonlyMap<OperatorId, Luck> = new Map(),
): Fairness {
  if (operators.every(({ count }) => count === 0))
    return { ...NOTHING, code: 'no-contacts', text: 'Nobody got a contact in this period.' };
  const main = mainCause(operators);
  if (main?.cause === 'unexplained') {
    const text = 'What was decided is not known well enough to say whether it was fair.';
    return { ...NOTHING, code: 'unknown', text };
  }
  const unlikely = mostUnlikely(operators, luck);
  if (unlikely !== null) {
    const { operator_id, operator_name: name, z_score } = unlikely;
    const text = `Unlikely to be chance: the draws for ${name} are ${z_score!.toFixed(1)} standard deviations from what they promised.`;
    return { ...NOTHING, code: 'unlikely', text, operator_id, z_score };
  }
  if (main === null) return { ...NOTHING, code: 'fair', text: 'Fair: as the weights say.' };
  const { cause, contacts, operator } = main;
  const way = `${Math.abs(contacts).toFixed(1)} ${contacts < 0 ? 'fewer' : 'more'}`;
  const text = `Fair: as the weights say, but for what is told. The largest effect is ${cause}: ${way} for ${operator.operator_name}.`;
  return { ...NOTHING, code: 'fair', text, operator_id: operator.operator_id, cause, contacts };
}

/** Of those whose draws chance would hardly bring about, the farthest. */
function mostUnlikely(operators: readonly Share[], luck: ReadonlyMap<OperatorId, Luck>): Share | null {
  const bound = Math.log(2 * luck.size * ONE_IN);
  const found = operators.filter(({ operator_id: id }) => {
    const own = luck.get(id);
    return own !== undefined && surprise(own) > bound;
  });
  return found.toSorted((a, b) => Math.abs(b.z_score!) - Math.abs(a.z_score!))[0] ?? null;
}

/**
 * Chance goes so far, to one side, with a probability of at most e to the minus this: Bennett's bound (1962) for sums of
 * independent steps of at most 1, which holds for few draws and for unlikely ones, too.
 */
function surprise({ distance, variance }: Luck): number {
  const u = Math.abs(distance) / variance;
  return variance * ((1 + u) * Math.log1p(u) - u);
}

/** The largest part that is no choice of the rule, from half a contact on. */
function mainCause(operators: readonly Share[]): { cause: Cause; contacts: number; operator: Share } | null {
  const parts = operators.flatMap((operator) =>
    Object.entries(operator.causes)
      .filter(([cause]) => !ofTheRule.has(cause))
      // Of a reason it is told who was refused; the others have as much more.
      .filter(([cause, contacts]) => contacts < 0 || !RefusalReason.safeParse(cause).success)
      .map(([cause, contacts]) => ({ cause: cause as Cause, contacts, operator })),
  );
  const [largest] = parts.toSorted((a, b) => Math.abs(b.contacts) - Math.abs(a.contacts));
  return largest === undefined || Math.abs(largest.contacts) < 0.5 ? null : largest;
}
