import { z } from 'zod';
import { OperatorId, TokenId } from './ids.ts';
import { Name, Timestamp } from './text.ts';

export const Role = z.enum(['admin', 'supervisor', 'operator']);
export type Role = z.infer<typeof Role>;

export const TokenScope = z.enum(['full', 'ingest']);
export type TokenScope = z.infer<typeof TokenScope>;

export const TokenCreate = z.strictObject({
  name: Name,
  operator_id: OperatorId.optional(),
  scope: TokenScope.default('full'),
  expires_at: Timestamp.optional(),
});
export type TokenCreate = z.infer<typeof TokenCreate>;

export const Token = z
  .object({
    id: TokenId,
    name: z.string(),
    role: Role,
    scope: TokenScope,
    operator_id: OperatorId.nullable(),
    expires_at: Timestamp.nullable(),
    last_used_at: Timestamp.nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof Token>;

/** A new token: the only answer that ever holds its secret. */
export const IssuedToken = Token.extend({ token: z.string() }).meta({ id: 'IssuedToken' });
export type IssuedToken = z.infer<typeof IssuedToken>;
