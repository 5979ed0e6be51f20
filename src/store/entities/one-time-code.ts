import { defineEntity, p } from '@mikro-orm/core';
import { Operator } from './operator.ts';

/** What a code that counts once is for: to make the first admin, or to set an operator's password. */
export type CodePurpose = 'setup' | 'password';

/** A code that was given out and has not been used; gone when it is. */
export const OneTimeCodeSchema = defineEntity({
  name: 'OneTimeCode',
  tableName: 'one_time_code',
  properties: {
    id: p.bigint('number').primary(),
    purpose: p.string().$type<CodePurpose>(),
    // SHA-256 of the code, hex.
    hash: p.string().length(64).unique(),
    operator: () => p.manyToOne(Operator).nullable().deleteRule('cascade').index(),
    expiresAt: p.datetime(),
    createdAt: p.datetime(),
  },
});
export class OneTimeCode extends OneTimeCodeSchema.class {}
OneTimeCodeSchema.setClass(OneTimeCode);
