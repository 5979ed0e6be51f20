import { defineEntity, p } from '@mikro-orm/core';
import type { LeadId } from '../../contract/ids.ts';

export const LeadSchema = defineEntity({
  name: 'Lead',
  tableName: 'lead',
  properties: {
    id: p.bigint('number').primary().$type<LeadId>(),
    externalId: p.string().length(190).unique(),
    name: p.text().nullable(),
    phone: p.text().nullable(),
    email: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    // A tag of BCP 47, as the channel names it.
    language: p.string().length(35).nullable(),
    // Since then nothing is known of who it was.
    erasedAt: p.datetime().nullable(),
  },
});
export class Lead extends LeadSchema.class {}
LeadSchema.setClass(Lead);
