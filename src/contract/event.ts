import { z } from 'zod';
import { Contact } from './contact.ts';
import { ContactId, OperatorId } from './ids.ts';
import { Message } from './message.ts';
import { Operator, OperatorView } from './operator.ts';
import { SourceView } from './source.ts';
import { Timestamp } from './text.ts';

/** Opaque: where a reader of the events stands. */
export const Cursor = z.string().max(64);

/** You no longer see this contact; `to` is who has it now. */
export const ContactLeft = z.object({
  id: ContactId,
  version: z.int().positive(),
  to: z.object({ id: OperatorId, name: z.string() }).nullable(),
});
export type ContactLeft = z.infer<typeof ContactLeft>;

function event<T extends string, D extends z.ZodType>(type: T, data: D) {
  return z.object({ cursor: Cursor, type: z.literal(type), at: Timestamp, data });
}

/** What the server tells a socket. Applying an event twice is harmless: compare `version`. */
export const GatewayEvent = z
  .discriminatedUnion('type', [
    event('contact.created', Contact),
    event('contact.assigned', Contact),
    event('contact.waiting', Contact),
    event('contact.closed', Contact),
    event('contact.reopened', Contact),
    event('contact.accepted', Contact),
    event('contact.updated', Contact),
    event('contact.left', ContactLeft),
    event('message.created', Message),
    event('message.updated', Message),
    event('operator.updated', OperatorView),
    event('source.updated', SourceView),
  ])
  .meta({ id: 'Event' });
export type GatewayEvent = z.infer<typeof GatewayEvent>;
export type EventType = GatewayEvent['type'];

/** `subscribe`, from the client. `null` asks for a snapshot. */
export const Subscribe = z.strictObject({ after: Cursor.nullable() });

/** The present state of what a socket may see: the newest 200 contacts of each view. */
export const Snapshot = z.object({
  operator: Operator.nullable(),
  counts: z.object({ mine: z.int().min(0), queue: z.int().min(0), all: z.int().min(0) }),
  contacts: z.array(Contact),
});
export type Snapshot = z.infer<typeof Snapshot>;

export const Subscribed = z.union([
  z.object({ cursor: Cursor, events: z.array(GatewayEvent) }),
  z.object({ cursor: Cursor, snapshot: Snapshot }),
]);
export type Subscribed = z.infer<typeof Subscribed>;

/** `typing`, from the client. */
export const Typing = z.strictObject({ contact_id: ContactId });

/** `typing`, from the server. */
export const TypingNotice = z.object({
  contact_id: ContactId,
  operator: z.object({ id: OperatorId, name: z.string() }).optional(),
  lead: z.literal(true).optional(),
});
export type TypingNotice = z.infer<typeof TypingNotice>;
