import { defineEntity, p } from '@mikro-orm/core';
import type { AuditEntryId } from '../../contract/ids.ts';

/** What was changed, by whom, and how it was before; rows are added and never changed, which a trigger keeps. */
export const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  indexes: [
    { properties: ['at', 'id'] },
    { properties: ['subject', 'id'] },
    { properties: ['actor', 'id'] },
    { properties: ['action', 'id'] },
  ],
  properties: {
    id: p.bigint('number').$type<AuditEntryId>().primary(),
    at: p.datetime(),
    // As in the trail of a contact.
    actor: p.string(),
    // `operator.load-repaired` and the like.
    action: p.string(),
    // What it was done to: `operator:7`.
    subject: p.string(),
    // Without secrets. Never looked into.
    before: p.json<unknown>().name('value_before').columnType('json').nullable(),
    after: p.json<unknown>().name('value_after').columnType('json').nullable(),
    // With what the actor proved itself, as `session:7`, and from which address it came.
    credential: p.string().nullable(),
    address: p.string().length(64).nullable(),
  },
});
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry);
