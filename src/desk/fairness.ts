import { RefusalReason } from '../contract/decision.ts';
import type { Cause, Distribution, Fairness } from '../contract/stats.ts';

type Share = Distribution['items'][number]['operators'][number];

/** Of how many sources whose draws are right one shall be called unlikely. */
const ONE_IN = 1_000;

/** The choices of the rule itself: what they make is no reason that somebody else could mend. */
const ofTheRule: ReadonlySet<string> = new Set<Cause>(['chance', 'turns']);

/**
 * Whether a source gave its contacts away as its weights say, in one sentence. The bound on z is that of Chernoff for the
 * normal distribution, P(|z| > t) <= 2 exp(-t^2 / 2), shared among all who were drawn for.
 */
export function fairnessOf(operators: readonly Share[]): Fairness {
  const nothing = { operator_id: null, cause: null, contacts: null, z_score: null };
  if (operators.every(({ count }) => count === 0))
    return { ...nothing, code: 'no-contacts', text: 'Nobody has got a contact of this time.' };
  const drawn = operators.filter((one) => one.z_score !== null);
  const farthest = drawn.toSorted((a, b) => Math.abs(b.z_score!) - Math.abs(a.z_score!))[0];
  const bound = Math.sqrt(2 * Math.log(2 * drawn.length * ONE_IN));
  if (farthest !== undefined && Math.abs(farthest.z_score!) > bound) {
    const text = `Unlikely to be chance: the draws for ${farthest.operator_name} are ${farthest.z_score!.toFixed(1)} standard deviations from what they promised.`;
    return {
      ...nothing,
      code: 'unlikely',
      text,
      operator_id: farthest.operator_id,
      z_score: farthest.z_score,
    };
  }
  const main = mainCause(operators);
  const z = farthest?.z_score ?? null;
  if (main === null) return { ...nothing, code: 'fair', text: 'Fair: as the weights say.', z_score: z };
  const { cause, contacts, operator } = main;
  const way = `${Math.abs(contacts).toFixed(1)} ${contacts < 0 ? 'fewer' : 'more'}`;
  return {
    code: 'fair',
    text: `Fair: as the weights say, but for what is told. The most is ${cause}: ${way} for ${operator.operator_name}.`,
    operator_id: operator.operator_id,
    cause,
    contacts,
    z_score: z,
  };
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
