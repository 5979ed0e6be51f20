import { defineEntity, p } from '@mikro-orm/core';
import { Contact } from './contact.ts';

/** A `POST /contacts` that was answered: the same key and body get the same contact for 7 days. */
export const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  indexes: [{ properties: ['createdAt'] }],
  properties: {
    credential: p.string().primary(),
    key: p.string().name('idempotency_key').primary(),
    // SHA-256 of the canonical JSON of the body, hex.
    bodyHash: p.string().length(64),
    contact: () => p.manyToOne(Contact).index(),
    createdAt: p.datetime(),
  },
});
export class IdempotencyKey extends IdempotencyKeySchema.class {}
IdempotencyKeySchema.setClass(IdempotencyKey);
