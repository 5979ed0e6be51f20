import { z } from 'zod';
import { ContactId, DeadLetterId, LeadId, MessageId } from './ids.ts';
import { isOfErased, languageIn, storable } from './text.ts';

// Nothing a channel brings is refused for its content: only the lead's id must be there.
const fromChannel = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => storable(String(value)));
const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const optional = z
  .unknown()
  .transform((value) => (isScalar(value) ? storable(String(value)) : ''))
  .transform((value) => (value.trim() === '' ? null : value));
/** A text that is no text is shown as the JSON it is. */
const words = z
  .unknown()
  .transform((value) => (isScalar(value) ? String(value) : value == null ? '' : writtenOut(value)))
  .transform(storable);

/** Stands for a text that is nested without end and cannot be written out. */
export const UNWRITTEN = '[…]';

function writtenOut(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return UNWRITTEN;
  }
}

/** `POST /hooks/{source_code}`, after the source's mapping. Unknown fields are ignored. */
export const HookMessage = z.object({
  external_id: fromChannel.pipe(
    z
      .string()
      .max(190)
      .refine((id) => id.trim() !== '', 'must not be blank')
      .refine((id) => !isOfErased(id), 'must not begin with erased:'),
  ),
  text: words,
  id: optional,
  name: optional,
  phone: optional,
  email: optional,
  language: z.unknown().transform(languageIn),
  attachments: z.unknown(),
});
export type HookMessage = z.infer<typeof HookMessage>;

/** What is answered once the message is committed. A message kept as a dead letter has no ids of its own. */
export const HookAccepted = z
  .object({
    message_id: MessageId.nullable(),
    contact_id: ContactId.nullable(),
    lead_id: LeadId.nullable(),
    duplicate: z.boolean(),
    dead_letter_id: DeadLetterId.optional(),
  })
  .meta({ id: 'HookAccepted' });
export type HookAccepted = z.infer<typeof HookAccepted>;
