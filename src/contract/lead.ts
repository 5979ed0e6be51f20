import { z } from 'zod';
import { ContactBrief } from './contact.ts';
import { LeadId } from './ids.ts';
import { PageQuery, pageOf } from './page.ts';
import { Email, ExternalId, LanguageTag, Name, Phone, text, Timestamp } from './text.ts';

export const Lead = z
  .object({
    id: LeadId,
    external_id: z.string(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    /** A tag of BCP 47, as the channel names it. */
    language: z.string().nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Lead' });
export type Lead = z.infer<typeof Lead>;
export const LeadPage = pageOf(Lead).meta({ id: 'LeadPage' });

/** A lead with its contacts, newest first (at most 200; the rest by `GET /contacts?lead_id=`). */
export const LeadDetails = Lead.extend({ contacts: z.array(ContactBrief) }).meta({ id: 'LeadDetails' });
export type LeadDetails = z.infer<typeof LeadDetails>;

export const LeadUpdate = z.strictObject({
  external_id: ExternalId.optional(),
  name: Name.nullish(),
  phone: Phone.nullish(),
  email: Email.nullish(),
  language: LanguageTag.nullish(),
});
export type LeadUpdate = z.infer<typeof LeadUpdate>;

export const LeadMerge = z.strictObject({ into: LeadId });
export type LeadMerge = z.infer<typeof LeadMerge>;

export const LeadQuery = PageQuery.extend({ q: text(200).optional() });
export type LeadQuery = z.infer<typeof LeadQuery>;
