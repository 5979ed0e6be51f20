import { defineEntity, p } from '@mikro-orm/core';
import type { Role, TokenScope } from '../../contract/access.ts';
import type { TokenId } from '../../contract/ids.ts';
import { Operator } from './operator.ts';

export const ApiTokenSchema = defineEntity({
  name: 'ApiToken',
  tableName: 'api_token',
  properties: {
    id: p.bigint('number').primary().$type<TokenId>(),
    name: p.text(),
    // SHA-256 of the token, hex: the token itself is shown once and kept nowhere.
    hash: p.string().length(64).unique(),
    // The role of a token that acts for nobody; one of an operator has that operator's role.
    role: p.string().$type<Role>(),
    scope: p.string().$type<TokenScope>(),
    operator: () => p.manyToOne(Operator).nullable().deleteRule('cascade').index(),
    expiresAt: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    // Requests a minute; null: as many as any token may.
    rateLimit: p.integer().nullable(),
  },
});
export class ApiToken extends ApiTokenSchema.class {}
ApiTokenSchema.setClass(ApiToken);
