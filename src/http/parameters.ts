import { z } from 'zod';
import { ContactId, LeadId, MessageId, OperatorId, SessionId, TokenId } from '../contract/ids.ts';
import { SourceCode, SourceRef } from '../contract/source.ts';

const digits = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/, 'must be a positive integer')
  .transform(Number);

// The document says what a caller writes: an integer; that it comes as text is HTTP's matter.
const shown = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;

export const OperatorPath = z.object({ id: digits.pipe(OperatorId).meta(shown) });
export const ContactPath = z.object({ id: digits.pipe(ContactId).meta(shown) });
export const LeadPath = z.object({ id: digits.pipe(LeadId).meta(shown) });
export const MessagePath = z.object({ id: digits.pipe(MessageId).meta(shown) });
export const TokenPath = z.object({ id: digits.pipe(TokenId).meta(shown) });
export const SessionPath = z.object({ id: digits.pipe(SessionId).meta(shown) });
export const SourcePath = z.object({ id: SourceRef });
export const SourceOperatorPath = SourcePath.extend({ operator_id: digits.pipe(OperatorId).meta(shown) });
export const SourceCodePath = z.object({ source_code: SourceCode });
