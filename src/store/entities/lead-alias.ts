import { defineEntity, p } from '@mikro-orm/core';
import { Lead } from './lead.ts';

/** The external id of a lead that was merged into another: it keeps resolving. */
export const LeadAliasSchema = defineEntity({
  name: 'LeadAlias',
  tableName: 'lead_alias',
  properties: {
    externalId: p.string().length(190).primary(),
    lead: () => p.manyToOne(Lead).index(),
  },
});
export class LeadAlias extends LeadAliasSchema.class {}
LeadAliasSchema.setClass(LeadAlias);
