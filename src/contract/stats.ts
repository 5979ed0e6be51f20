import { z } from 'zod';
import { RefusalReason } from './decision.ts';
import { OperatorId, SourceId } from './ids.ts';
import { Presence } from './operator.ts';
import { queryNumber } from './page.ts';
import { SourceCode } from './source.ts';
import { Timestamp } from './text.ts';

/** Half-open: `from` is in, `to` is out; both speak of `created_at`. */
export const Period = z.strictObject({ from: Timestamp.optional(), to: Timestamp.optional() });
export type Period = z.infer<typeof Period>;

export const OperatorsLoad = z
  .object({
    items: z.array(
      z.object({
        operator_id: OperatorId,
        operator_name: z.string(),
        load: z.int().min(0),
        max_load: z.int().min(0),
        load_percentage: z.number().min(0),
        is_active: z.boolean(),
        presence: Presence,
      }),
    ),
  })
  .meta({ id: 'OperatorsLoad' });
export type OperatorsLoad = z.infer<typeof OperatorsLoad>;

export const DistributionQuery = Period.extend({ source_id: queryNumber(SourceId).optional() });
export type DistributionQuery = z.infer<typeof DistributionQuery>;

/**
 * What a difference between contacts and weights comes from. A reason: somebody was refused for it, and others got what
 * was theirs. `chance`, `turns`, `least-loaded`: the choice of a strategy, by draw, in turn or by load; `prefer-last`: the
 * lead went back to whom it knew; `reopened`, `requeued`, `handed-over`: it was routed once more, because it was opened
 * again or its operator went; `manual`: somebody took or gave it; `unexplained`: it is not known any more.
 */
export const Cause = z.enum([
  ...RefusalReason.options,
  'chance',
  'turns',
  'least-loaded',
  'prefer-last',
  'reopened',
  'requeued',
  'handed-over',
  'manual',
  'unexplained',
]);
export type Cause = z.infer<typeof Cause>;

/**
 * Whether a source gives away its contacts as its weights say, but for what is told as a cause; `text` says it in
 * English, clients translate by `code`. `fair`: the draws are within chance, `cause` is what else made the largest
 * difference, `contacts` of `operator_id`. `unlikely`: chance brings about what `operator_id` had in fewer than one of a
 * thousand sources. `unknown`: too much is not known any more.
 */
export const Fairness = z
  .object({
    code: z.enum(['no-contacts', 'fair', 'unlikely', 'unknown']),
    text: z.string(),
    operator_id: OperatorId.nullable(),
    cause: Cause.nullable(),
    contacts: z.number().nullable(),
    z_score: z.number().nullable(),
  })
  .meta({ id: 'Fairness' });
export type Fairness = z.infer<typeof Fairness>;

/**
 * `share` = count / assigned contacts of the source; `expected_share`: the mean of weight / sum of weights, as they were
 * in force when each of these contacts was given away; without any contact, of today. `deviation` = count − expected
 * contacts; `causes` sum to it, in millionths of a contact exactly.
 */
export const Distribution = z
  .object({
    items: z.array(
      z.object({
        source_id: SourceId,
        source_code: SourceCode,
        total: z.int().min(0),
        unassigned: z.int().min(0),
        fairness: Fairness,
        operators: z.array(
          z.object({
            operator_id: OperatorId,
            operator_name: z.string(),
            weight: z.int().min(0),
            count: z.int().min(0),
            share: z.number().min(0).max(1),
            expected_share: z.number().min(0).max(1),
            expected_count: z.number().min(0),
            deviation: z.number(),
            causes: z.partialRecord(Cause, z.number()),
            /** Of the draws alone, in standard deviations; null for who took part in none. */
            z_score: z.number().nullable(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Distribution' });
export type Distribution = z.infer<typeof Distribution>;

export const QueueStats = z
  .object({
    items: z.array(
      z.object({ source_id: SourceId, waiting: z.int().min(0), oldest_at: Timestamp.nullable() }),
    ),
  })
  .meta({ id: 'QueueStats' });
export type QueueStats = z.infer<typeof QueueStats>;

export const Bucket = z.enum(['hour', 'day', 'week', 'month']);
export type Bucket = z.infer<typeof Bucket>;
export const SummaryQuery = Period.extend({ bucket: Bucket.default('day') });
export type SummaryQuery = z.infer<typeof SummaryQuery>;

/** Seconds over the contacts that have the figure; null when there is none. */
const Durations = z.object({
  count: z.int().min(0),
  median: z.number().nullable(),
  p90: z.number().nullable(),
});
const Figures = z.object({
  total: z.int().min(0),
  closed: z.int().min(0),
  first_reply_seconds: Durations,
  resolution_seconds: Durations,
});

/** Volumes and times of the contacts created in the period (the last 30 days by default), buckets in UTC. */
export const Summary = z
  .object({
    from: Timestamp,
    to: Timestamp,
    total: Figures,
    buckets: z.array(z.object({ at: Timestamp, created: z.int().min(0), closed: z.int().min(0) })),
    sources: z.array(Figures.extend({ source_id: SourceId, source_code: SourceCode })),
    operators: z.array(Figures.extend({ operator_id: OperatorId, operator_name: z.string() })),
  })
  .meta({ id: 'Summary' });
export type Summary = z.infer<typeof Summary>;
