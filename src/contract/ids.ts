import { z } from 'zod';

// Ids stay within 2^53 - 1: what JSON can carry and what a 64-bit column holds.
export const OperatorId = z.int().positive().brand('OperatorId');
export type OperatorId = z.infer<typeof OperatorId>;

export const SourceId = z.int().positive().brand('SourceId');
export type SourceId = z.infer<typeof SourceId>;

export const LeadId = z.int().positive().brand('LeadId');
export type LeadId = z.infer<typeof LeadId>;

export const ContactId = z.int().positive().brand('ContactId');
export type ContactId = z.infer<typeof ContactId>;

export const MessageId = z.int().positive().brand('MessageId');
export type MessageId = z.infer<typeof MessageId>;

export const DecisionId = z.int().positive().brand('DecisionId');
export type DecisionId = z.infer<typeof DecisionId>;

export const TokenId = z.int().positive().brand('TokenId');
export type TokenId = z.infer<typeof TokenId>;

export const SessionId = z.int().positive().brand('SessionId');
export type SessionId = z.infer<typeof SessionId>;

export const AuditEntryId = z.int().positive().brand('AuditEntryId');
export type AuditEntryId = z.infer<typeof AuditEntryId>;

export const DeadLetterId = z.int().positive().brand('DeadLetterId');
export type DeadLetterId = z.infer<typeof DeadLetterId>;
