import { z } from 'zod';
import { DecisionId, OperatorId } from './ids.ts';
import { MaxLoad, Weight } from './operator.ts';
import { pageOf } from './page.ts';
import { Timestamp } from './text.ts';

/**
 * The rule by which a source chooses; `weighted_random`: chance = weight / sum of eligible weights; `smooth_weighted`:
 * the same shares, held at every moment; `least_loaded`: the lowest load / max_load, then weight, then longest since.
 */
export const Strategy = z.enum(['weighted_random', 'smooth_weighted', 'least_loaded']);
export type Strategy = z.infer<typeof Strategy>;

/** Why a candidate was refused, in the order in which the rule asks. */
export const RefusalReason = z.enum([
  'source-inactive',
  'inactive',
  'paused',
  'offline',
  'zero-weight',
  'at-cap',
  'released-by',
  'declined',
  'offer-expired',
  'older-first',
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** Why a contact itself passes somebody over, who may get others. */
export const PassedOver = RefusalReason.extract(['released-by', 'declined', 'offer-expired']);
export type PassedOver = z.infer<typeof PassedOver>;

/** How an operator did not accept an offer. */
export const Refusal = RefusalReason.extract(['declined', 'offer-expired']);
export type Refusal = z.infer<typeof Refusal>;

/** What made the rule run: the contact came, came back to the queue, left its operator, or capacity came back. */
export const Trigger = z.enum([
  'arrival',
  'reopened',
  'released',
  'declined',
  'offer-expired',
  'requeued',
  'handed-over',
  'drain',
]);
export type Trigger = z.infer<typeof Trigger>;

/** Which rule chose: the source's strategy or, before it, the return policy. */
export const Rule = z.enum(['strategy', 'prefer_last']);
export type Rule = z.infer<typeof Rule>;

/** One operator as the rule saw it; `weight_before` is the eligible weight of all that stand before it by id. */
export const Candidate = z
  .object({
    operator_id: OperatorId,
    weight: Weight,
    load: z.int().min(0),
    max_load: MaxLoad,
    eligible: z.boolean(),
    reason: RefusalReason.nullable(),
    weight_before: z.int().min(0),
    /** What the strategy keeps of the operator; not there where it draws. */
    mark: z.number().nullable().optional(),
  })
  .meta({ id: 'Candidate' });
export type Candidate = z.infer<typeof Candidate>;

/** The record of one run of the routing rule. It replays by itself. */
export const Decision = z
  .object({
    id: DecisionId,
    at: Timestamp,
    strategy: Strategy,
    rule: Rule,
    trigger: Trigger,
    outcome: z.enum(['assigned', 'waiting']),
    operator_id: OperatorId.nullable(),
    refused: z.partialRecord(RefusalReason, z.int().positive()),
    /** How many operators stood there; `candidates` shows all of them up to 20, else 20 around the chosen one. */
    candidate_count: z.int().min(0),
    candidates: z.array(Candidate).max(20),
    total_weight: z.int().min(0),
    draw: z.int().min(0).nullable(),
    /** How far the strategy had come; null where it draws. */
    turn: z.number().nullable(),
    /**
     * Whom it would have chosen next; null where it draws, or when nobody else was eligible. Spelled out, because the
     * document has no way to say that what is referred to may be null.
     */
    runner_up: z.object(Candidate.shape).nullable(),
    config_version: z.int().min(0),
  })
  .meta({ id: 'Decision' });
export type Decision = z.infer<typeof Decision>;
export const DecisionPage = pageOf(Decision).meta({ id: 'DecisionPage' });
