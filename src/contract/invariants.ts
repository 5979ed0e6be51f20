import { z } from 'zod';
import { Timestamp } from './text.ts';

/**
 * What always holds. `load`: an operator's load is the number of contacts assigned to it; `one-operator`: an assigned
 * contact has an operator, a waiting one has none, and a closed one alone has an end; `unserved`: nobody waits whom a
 * free operator could take; `trail`: a contact's newest event says what its row says.
 */
export const InvariantName = z.enum(['load', 'one-operator', 'unserved', 'trail']);
export type InvariantName = z.infer<typeof InvariantName>;

/** `subject`: `operator:7` or `contact:12`. */
const InvariantBreach = z.object({ subject: z.string(), detail: z.string() });

/** `breaches` counts what the look has found; `examples` are the first of them. */
export const InvariantCheck = z
  .object({
    name: InvariantName,
    ok: z.boolean(),
    breaches: z.int().min(0),
    examples: z.array(InvariantBreach).max(20),
  })
  .meta({ id: 'InvariantCheck' });
export type InvariantCheck = z.infer<typeof InvariantCheck>;

export const Invariants = z
  .object({ checked_at: Timestamp, ok: z.boolean(), checks: z.array(InvariantCheck) })
  .meta({ id: 'Invariants' });
export type Invariants = z.infer<typeof Invariants>;

const Figures = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

/** What a repair has changed, and the checks that still find something; those need a person. */
export const InvariantRepair = z
  .object({
    repaired: z.array(
      z.object({ invariant: InvariantName, subject: z.string(), before: Figures, after: Figures }),
    ),
    remaining: z.array(InvariantCheck),
  })
  .meta({ id: 'InvariantRepair' });
export type InvariantRepair = z.infer<typeof InvariantRepair>;
