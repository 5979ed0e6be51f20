import { defineEntity, p } from '@mikro-orm/core';
import type { SessionId } from '../../contract/ids.ts';
import { Operator } from './operator.ts';

/** Somebody who has signed in with a password; gone when it ends. */
export const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'session',
  indexes: [{ properties: ['expiresAt'] }],
  properties: {
    id: p.bigint('number').primary().$type<SessionId>(),
    // SHA-256 of what the cookie holds, hex.
    hash: p.string().length(64).unique(),
    operator: () => p.manyToOne(Operator).deleteRule('cascade').index(),
    createdAt: p.datetime(),
    lastUsedAt: p.datetime(),
    // Whatever happens; it ends earlier when it is not used.
    expiresAt: p.datetime(),
    address: p.string().length(64).nullable(),
    userAgent: p.text().nullable(),
  },
});
export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);
