import { z } from 'zod';
import { OperatorId, SessionId, TokenId } from './ids.ts';
import { pageOf } from './page.ts';
import { RateLimit } from './rate.ts';
import { Email, Name, text, Timestamp } from './text.ts';

export const Role = z.enum(['admin', 'supervisor', 'operator']);
export type Role = z.infer<typeof Role>;

export const TokenScope = z.enum(['full', 'ingest']);
export type TokenScope = z.infer<typeof TokenScope>;

export const TokenCreate = z.strictObject({
  name: Name,
  operator_id: OperatorId.optional(),
  scope: TokenScope.default('full'),
  expires_at: Timestamp.optional(),
  rate_limit: RateLimit.optional(),
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
    rate_limit: RateLimit,
    created_at: Timestamp,
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof Token>;

/** A new token: the only answer that ever holds its secret. */
export const IssuedToken = Token.extend({ token: z.string() }).meta({ id: 'IssuedToken' });
export type IssuedToken = z.infer<typeof IssuedToken>;

/** A password that somebody chooses: no rule but its length, in characters as people count them (NIST SP 800-63B). */
export const NewPassword = text(512)
  .refine((password) => Array.from(password).length >= 12, 'must have at least 12 characters')
  .refine((password) => Array.from(password).length <= 128, 'must have at most 128 characters')
  .meta({ minLength: 12, maxLength: 128, format: 'password' });

/** What is typed where a secret is asked for; whether it is right is found out otherwise. */
const Typed = text(512).min(1);

/** Whether the first admin is still to be made. */
export const SetupState = z.object({ open: z.boolean() }).meta({ id: 'SetupState' });
export type SetupState = z.infer<typeof SetupState>;

export const Setup = z.strictObject({ code: Typed, name: Name, email: Email, password: NewPassword });
export type Setup = z.infer<typeof Setup>;

export const SignIn = z.strictObject({ email: Typed, password: Typed });
export type SignIn = z.infer<typeof SignIn>;

export const PasswordChange = z.strictObject({ current_password: Typed, new_password: NewPassword });
export type PasswordChange = z.infer<typeof PasswordChange>;

/** A link under which an operator sets its password, once. */
export const Invite = z.object({ url: z.string(), expires_at: Timestamp }).meta({ id: 'Invite' });
export type Invite = z.infer<typeof Invite>;

export const InviteCode = z.strictObject({ code: Typed });
export type InviteCode = z.infer<typeof InviteCode>;

/** For whom a link is. */
export const Invited = z.object({ name: z.string(), email: z.string() }).meta({ id: 'Invited' });
export type Invited = z.infer<typeof Invited>;

export const InviteAccept = z.strictObject({ code: Typed, password: NewPassword });
export type InviteAccept = z.infer<typeof InviteAccept>;

/** One of one's own sessions; `address` and `user_agent` are those of the sign-in. */
export const OwnSession = z
  .object({
    id: SessionId,
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    is_current: z.boolean(),
  })
  .meta({ id: 'OwnSession' });
export type OwnSession = z.infer<typeof OwnSession>;
export const OwnSessionPage = pageOf(OwnSession).meta({ id: 'OwnSessionPage' });
