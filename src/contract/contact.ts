import { z } from 'zod';
import { Decision } from './decision.ts';
import { ContactId, LeadId, OperatorId, SourceId } from './ids.ts';
import { PageQuery, pageOf, queryNumber } from './page.ts';
import { SourceCode } from './source.ts';
import { Email, ExternalId, filled, LanguageTag, Name, Phone, text, Timestamp } from './text.ts';

export const ContactStatus = z.enum(['waiting', 'assigned', 'closed']);
export type ContactStatus = z.infer<typeof ContactStatus>;

export const Author = z.enum(['lead', 'operator', 'bot', 'note']);
export type Author = z.infer<typeof Author>;

/** Why the channel delivers nothing to the lead any more; a message of the lead ends it. */
export const Unreachable = z.object({
  reason: z.enum(['blocked-by-user', 'user-deactivated', 'chat-not-found']),
  since: Timestamp,
});
export type Unreachable = z.infer<typeof Unreachable>;

/** One inquiry of a lead through a source. `version` rises with every change of the contact. */
export const Contact = z
  .object({
    id: ContactId,
    lead_id: LeadId,
    source_id: SourceId,
    operator_id: OperatorId.nullable(),
    status: ContactStatus,
    text: z.string().nullable(),
    created_at: Timestamp,
    assigned_at: Timestamp.nullable(),
    closed_at: Timestamp.nullable(),
    close_reason: z.string().nullable(),
    version: z.int().positive(),
    lead: z.object({ id: LeadId, external_id: z.string(), name: z.string().nullable() }),
    source: z.object({ id: SourceId, code: z.string(), name: z.string() }),
    operator: z.object({ id: OperatorId, name: z.string() }).nullable(),
    /** The newest message that is not a note; its text is cut to 200 characters. */
    last_message: z.object({ author: Author, text: z.string(), at: Timestamp }).nullable(),
    /** A message of the lead ends it, without an event of its own. */
    unreachable: Unreachable.nullable(),
    /** Until then its operator has to accept it; null when nothing is to be accepted. */
    offer_expires_at: Timestamp.nullable(),
    /** Since then nothing is left of what was said in it, and it stays closed. */
    erased_at: Timestamp.nullable(),
  })
  .meta({ id: 'Contact' });
export type Contact = z.infer<typeof Contact>;
export const ContactPage = pageOf(Contact).meta({ id: 'ContactPage' });

/** What an operator may see of a lead's other contacts. */
export const ContactBrief = z
  .object({
    id: ContactId,
    status: ContactStatus,
    source: z.object({ id: SourceId, code: z.string(), name: z.string() }),
    created_at: Timestamp,
  })
  .meta({ id: 'ContactBrief' });
export type ContactBrief = z.infer<typeof ContactBrief>;

/** A new contact with the decision that was taken on it. */
export const OpenedContact = Contact.extend({ decision: Decision }).meta({ id: 'OpenedContact' });
export type OpenedContact = z.infer<typeof OpenedContact>;

export const ContactCreate = z
  .strictObject({
    external_id: ExternalId,
    source_code: SourceCode.optional(),
    source_id: SourceId.optional(),
    text: text(1_048_576).optional(),
    name: Name.optional(),
    phone: Phone.optional(),
    email: Email.optional(),
    language: LanguageTag.optional(),
  })
  .refine((body) => (body.source_code === undefined) !== (body.source_id === undefined), {
    path: ['source_code'],
    message: 'give either source_code or source_id',
  });
export type ContactCreate = z.infer<typeof ContactCreate>;

/** The value of the header `Idempotency-Key`; it holds for 7 days per credential. */
export const IdempotencyKey = filled(200);

export const ContactQuery = PageQuery.extend({
  status: ContactStatus.optional(),
  operator_id: queryNumber(OperatorId).optional(),
  source_id: queryNumber(SourceId).optional(),
  lead_id: queryNumber(LeadId).optional(),
  q: text(200).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
});
export type ContactQuery = z.infer<typeof ContactQuery>;

export const ContactClose = z.strictObject({ reason: filled(200).optional() });
export type ContactClose = z.infer<typeof ContactClose>;

export const ContactDecline = z.strictObject({ reason: filled(200).optional() });
export type ContactDecline = z.infer<typeof ContactDecline>;

export const ContactReopen = z.strictObject({ operator_id: OperatorId.optional() });
export type ContactReopen = z.infer<typeof ContactReopen>;

export const ContactAssign = z.strictObject({
  operator_id: OperatorId,
  note: filled(4096).optional(),
});
export type ContactAssign = z.infer<typeof ContactAssign>;

/** One step of a contact's trail: who did what to it, and why. */
export const TrailStep = z
  .object({
    id: z.int(),
    at: Timestamp,
    type: z.string(),
    /** `lead`, `routing`, `system`, `operator:<id>` or `token:<id>`. */
    actor: z.string(),
    reason: z.string().nullable(),
    from: z.object({ operator_id: OperatorId.nullable() }),
    to: z.object({ operator_id: OperatorId.nullable(), status: ContactStatus }),
  })
  .meta({ id: 'TrailStep' });
export type TrailStep = z.infer<typeof TrailStep>;
export const TrailPage = pageOf(TrailStep).meta({ id: 'TrailPage' });
