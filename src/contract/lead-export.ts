import { z } from 'zod';
import { Contact, TrailStep } from './contact.ts';
import { DeadLetterId, SourceId } from './ids.ts';
import { Lead } from './lead.ts';
import { Message } from './message.ts';
import { Timestamp } from './text.ts';

/** A message with what the channel really sent, where that is more than we show. */
const ExportedMessage = Message.extend({ raw: z.unknown() });
export type ExportedMessage = z.infer<typeof ExportedMessage>;

const ExportedContact = z.object({
  contact: Contact,
  /** Where a bot answers. */
  chat: z.string().nullable(),
  /** Oldest first, like the messages. */
  trail: z.array(TrailStep),
  messages: z.array(ExportedMessage),
});
export type ExportedContact = z.infer<typeof ExportedContact>;

/** What could not be read and names the lead. */
const ExportedLetter = z.object({
  id: DeadLetterId,
  source_id: SourceId,
  reason: z.string(),
  raw: z.unknown(),
  created_at: Timestamp,
});
export type ExportedLetter = z.infer<typeof ExportedLetter>;

/** Everything that is kept of a lead. */
export const LeadExport = z
  .object({
    exported_at: Timestamp,
    lead: Lead,
    /** Those of leads that were merged into this one, and those that it had before. */
    other_external_ids: z.array(z.string()),
    contacts: z.array(ExportedContact),
    dead_letters: z.array(ExportedLetter),
  })
  .meta({ id: 'LeadExport' });
export type LeadExport = z.infer<typeof LeadExport>;
