import { Access } from './access.ts';
import { Announcement } from './announcement.ts';
import { ApiToken } from './api-token.ts';
import { AuditEntry } from './audit-entry.ts';
import { Configuration } from './configuration.ts';
import { ConfigurationPart } from './configuration-part.ts';
import { Contact } from './contact.ts';
import { DeadLetter } from './dead-letter.ts';
import { Decision } from './decision.ts';
import { Delivery } from './delivery.ts';
import { EarlyEdit } from './early-edit.ts';
import { Event } from './event.ts';
import { IdempotencyKey } from './idempotency-key.ts';
import { LeadAlias } from './lead-alias.ts';
import { Lead } from './lead.ts';
import { Lease } from './lease.ts';
import { Message } from './message.ts';
import { OneTimeCode } from './one-time-code.ts';
import { Operator } from './operator.ts';
import { Password } from './password.ts';
import { Presence } from './presence.ts';
import { Session } from './session.ts';
import { SourceOperator } from './source-operator.ts';
import { Source } from './source.ts';
import { StrategyMemory } from './strategy-memory.ts';

/** Every table, for MikroORM. */
export const entities = [
  Operator,
  Source,
  SourceOperator,
  Lead,
  LeadAlias,
  Contact,
  Message,
  EarlyEdit,
  Decision,
  Event,
  Delivery,
  Announcement,
  DeadLetter,
  ApiToken,
  IdempotencyKey,
  Configuration,
  ConfigurationPart,
  Lease,
  Presence,
  StrategyMemory,
  AuditEntry,
  Access,
  Password,
  Session,
  OneTimeCode,
];
