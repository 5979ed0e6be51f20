import { z } from 'zod';
import { Role } from './access.ts';
import { ContactId, OperatorId, SourceId } from './ids.ts';
import { PageQuery, pageOf } from './page.ts';
import { Email, filled, Name, text, Timestamp } from './text.ts';

/** The operator's own switch: `paused` and `finishing` get nothing new. */
export const Availability = z.enum(['available', 'paused', 'finishing']);
export type Availability = z.infer<typeof Availability>;

/** Derived from the operator's open consoles. */
export const Presence = z.enum(['online', 'offline']);
export type Presence = z.infer<typeof Presence>;

/** The cap: how many contacts an operator may hold at once; 0 = gets nothing. */
export const MaxLoad = z.int().min(0).max(10_000);

/** An operator's share of a source's traffic relative to the others; 0 = excluded. */
export const Weight = z.int().min(0).max(1_000_000);

export const Operator = z
  .object({
    id: OperatorId,
    name: z.string(),
    email: z.string().nullable(),
    role: Role,
    is_active: z.boolean(),
    availability: Availability,
    presence: Presence,
    max_load: MaxLoad,
    load: z.int().min(0),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Operator' });
export type Operator = z.infer<typeof Operator>;

/** What an operator may see of the others of its sources. */
export const Colleague = Operator.pick({
  id: true,
  name: true,
  availability: true,
  presence: true,
  load: true,
  max_load: true,
}).meta({ id: 'Colleague' });
export type Colleague = z.infer<typeof Colleague>;

/** An operator as its viewer may see it. */
export const OperatorView = z.union([Operator, Colleague]);
export type OperatorView = z.infer<typeof OperatorView>;
export const OperatorPage = pageOf(OperatorView).meta({ id: 'OperatorPage' });

export const OperatorCreate = z.strictObject({
  name: Name,
  email: Email.nullish(),
  role: Role.default('operator'),
  is_active: z.boolean().default(true),
  max_load: MaxLoad.default(10),
});
export type OperatorCreate = z.infer<typeof OperatorCreate>;

/** What becomes of the open contacts of an operator who is deactivated. */
export const OpenContacts = z.enum(['keep', 'requeue', 'hand_over']);
export type OpenContacts = z.infer<typeof OpenContacts>;

/** Names what a hand-over does: given with it, it is done in just that way or not at all. */
const Plan = filled(64);

export const OperatorUpdate = z
  .strictObject({
    name: Name.optional(),
    email: Email.nullish(),
    role: Role.optional(),
    is_active: z.boolean().optional(),
    max_load: MaxLoad.optional(),
    availability: Availability.optional(),
    open_contacts: OpenContacts.optional(),
    plan: Plan.optional(),
  })
  .refine((change) => change.open_contacts === undefined || change.is_active === false, {
    path: ['open_contacts'],
    message: 'goes with is_active: false',
  })
  .refine((change) => change.plan === undefined || change.open_contacts === 'hand_over', {
    path: ['plan'],
    message: 'goes with open_contacts: hand_over',
  });
export type OperatorUpdate = z.infer<typeof OperatorUpdate>;

export const HandOver = z.strictObject({ dry_run: z.boolean().default(false), plan: Plan.optional() });
export type HandOver = z.infer<typeof HandOver>;

/** Who gets what of an operator's open contacts, in the order in which it was given; null: it waits. */
export const HandOverPlan = z
  .object({
    plan: Plan,
    moves: z.array(
      z.object({
        contact_id: ContactId,
        source_id: SourceId,
        to: z.object({ id: OperatorId, name: z.string() }).nullable(),
      }),
    ),
    handed_over: z.int().min(0),
    waiting: z.int().min(0),
  })
  .meta({ id: 'HandOverPlan' });
export type HandOverPlan = z.infer<typeof HandOverPlan>;

export const OperatorQuery = PageQuery.extend({
  is_active: z.stringbool().optional(),
  q: text(200).optional(),
});
export type OperatorQuery = z.infer<typeof OperatorQuery>;

export const OperatorWeight = z.strictObject({ source_id: SourceId, weight: Weight });
export type OperatorWeight = z.infer<typeof OperatorWeight>;

export const OperatorWeightSet = z
  .object({ operator_id: OperatorId, source_id: SourceId, weight: Weight })
  .meta({ id: 'OperatorWeightSet' });
export type OperatorWeightSet = z.infer<typeof OperatorWeightSet>;

/** `load_percentage` is 100 · load / max_load with one decimal, 100 when `max_load` is 0. */
export const OperatorLoad = z
  .object({
    operator_id: OperatorId,
    load: z.int().min(0),
    max_load: MaxLoad,
    free: z.int().min(0),
    load_percentage: z.number().min(0),
    is_full: z.boolean(),
  })
  .meta({ id: 'OperatorLoad' });
export type OperatorLoad = z.infer<typeof OperatorLoad>;
