import { z } from 'zod';
import { Author } from './contact.ts';
import { ContactId, MessageId, OperatorId } from './ids.ts';
import { PageQuery, pageOf, queryNumber } from './page.ts';
import { filled, ReplyText, Timestamp } from './text.ts';

/** Something that came with a message; `supported` is false for what is kept but not shown yet. */
export const Attachment = z
  .object({
    kind: z.string(),
    supported: z.boolean(),
    name: z.string().nullable(),
    mime_type: z.string().nullable(),
    size: z.int().min(0).nullable(),
    url: z.string().nullable(),
  })
  .meta({ id: 'Attachment' });
export type Attachment = z.infer<typeof Attachment>;

/** Where an outgoing message stands; `uncertain`: it may have been delivered, a person decides. */
export const MessageStatus = z.enum(['queued', 'sending', 'sent', 'failed', 'uncertain']);
export type MessageStatus = z.infer<typeof MessageStatus>;

/** One thing said in a contact. `status` is null for what comes in and for notes. */
export const Message = z
  .object({
    id: MessageId,
    contact_id: ContactId,
    author: Author,
    operator_id: OperatorId.nullable(),
    text: z.string(),
    attachments: z.array(Attachment),
    status: MessageStatus.nullable(),
    error: z.string().nullable(),
    client_id: z.string().nullable(),
    external_id: z.string().nullable(),
    reply_to: MessageId.nullable(),
    sent_at: Timestamp.nullable(),
    edited_at: Timestamp.nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;
export const MessagePage = pageOf(Message).meta({ id: 'MessagePage' });

export const MessageCreate = z.strictObject({
  text: ReplyText,
  client_id: filled(100).optional(),
  kind: z.enum(['reply', 'note']).default('reply'),
  reply_to: MessageId.optional(),
});
export type MessageCreate = z.infer<typeof MessageCreate>;

/** `before` is the id of a message: only older ones are listed. */
export const MessageQuery = PageQuery.extend({ before: queryNumber(MessageId).optional() });
export type MessageQuery = z.infer<typeof MessageQuery>;
