import { z } from 'zod';
import { RefusalReason, Strategy } from './decision.ts';
import { OperatorId, SourceId } from './ids.ts';
import { MaxLoad, Weight } from './operator.ts';
import { SourceCode } from './source.ts';
import { Period } from './stats.ts';

/** What one simulation may be about; `weights`: how many pairs of a source and an operator. */
export const SIMULATION_LIMITS = {
  contacts: 100_000,
  operators: 1_000,
  sources: 500,
  weights: 20_000,
} as const;

const { contacts, operators, sources, weights } = SIMULATION_LIMITS;
const LONGEST_HANDLING = 30 * 24 * 60 * 60;

/** What is different from now; what is not named stays as it is. */
export const SimulationChanges = z.strictObject({
  weights: z
    .array(z.strictObject({ source_id: SourceId, operator_id: OperatorId, weight: Weight }))
    .max(weights)
    .default([]),
  max_loads: z
    .array(z.strictObject({ operator_id: OperatorId, max_load: MaxLoad }))
    .max(operators)
    .default([]),
  strategies: z
    .array(z.strictObject({ source_id: SourceId, strategy: Strategy }))
    .max(sources)
    .default([]),
  operators: z
    .array(z.strictObject({ operator_id: OperatorId, is_active: z.boolean() }))
    .max(operators)
    .default([]),
});
export type SimulationChanges = z.infer<typeof SimulationChanges>;

/** A load that nobody has seen: `rate` contacts an hour in all, `handling_time` seconds each in the mean. */
export const SimulatedArrivals = z.strictObject({
  rate: z.number().positive().max(contacts),
  handling_time: z.number().positive().max(LONGEST_HANDLING),
});

/**
 * Half-open as every period. Without `arrivals` the contacts created in it come again, by default those of the last 30
 * days; with them it is a day by default. Without `seed` chance is new each time, and the answer tells the seed.
 */
export const SimulationCreate = Period.extend({
  source_ids: z.array(SourceId).min(1).max(sources).optional(),
  changes: SimulationChanges.prefault({}),
  arrivals: SimulatedArrivals.optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional(),
});
export type SimulationCreate = z.infer<typeof SimulationCreate>;

const Part = z.number().min(0).max(1);
const Seconds = z.number().min(0).nullable();

/** `share` is of what its source gave away; `utilisation`: what part of all its seats these contacts kept busy. */
const SimulatedShare = z.object({
  operator_id: OperatorId,
  weight: Weight,
  count: z.int().min(0),
  share: Part,
  utilisation: Part,
});

/**
 * `count` contacts came, `share` of all that came; `waiting` of them still wait at the end. `utilisation`: what part of
 * the seats of all who may get them these contacts kept busy.
 */
const SimulatedSource = z.object({
  source_id: SourceId,
  source_code: SourceCode,
  strategy: Strategy,
  count: z.int().min(0),
  waiting: z.int().min(0),
  share: Part,
  utilisation: Part,
  operators: z.array(SimulatedShare),
});

/** `share` of all that was given away; `utilisation` = busy seat-seconds / (max_load · simulated seconds). */
const SimulatedOperator = z.object({
  operator_id: OperatorId,
  operator_name: z.string(),
  is_active: z.boolean(),
  max_load: MaxLoad,
  count: z.int().min(0),
  share: Part,
  utilisation: Part,
});

/**
 * One run. `wait_seconds` is over all contacts, also those that did not wait, and those that still wait with what they
 * have waited until the end; `waited` is how many waited at all. `refused`: how many candidates all decisions together
 * left out, by reason.
 */
export const SimulationRun = z
  .object({
    assigned: z.int().min(0),
    waited: z.int().min(0),
    still_waiting: z.int().min(0),
    wait_seconds: z.object({ p50: Seconds, p95: Seconds, max: Seconds }),
    refused: z.partialRecord(RefusalReason, z.int().positive()),
    sources: z.array(SimulatedSource),
    operators: z.array(SimulatedOperator),
  })
  .meta({ id: 'SimulationRun' });
export type SimulationRun = z.infer<typeof SimulationRun>;

/**
 * The same contacts twice: as things stand, and with the changes. `imputed` contacts of the history have no handling time
 * of their own and got the median of those that have one, `imputed_seconds`; null: none has one, they do not end.
 */
export const Simulation = z
  .object({
    from: Period.shape.from.unwrap(),
    to: Period.shape.to.unwrap(),
    seed: z.int().min(0),
    contacts: z.int().min(0),
    imputed: z.int().min(0),
    imputed_seconds: Seconds,
    base: SimulationRun,
    changed: SimulationRun,
  })
  .meta({ id: 'Simulation' });
export type Simulation = z.infer<typeof Simulation>;
