import type { Token } from '../contract/access.ts';
import type { Author, Contact, ContactBrief, ContactStatus, Unreachable } from '../contract/contact.ts';
import type { Decision } from '../contract/decision.ts';
import type { ContactId, LeadId, MessageId, OperatorId, SourceId } from '../contract/ids.ts';
import type { Lead } from '../contract/lead.ts';
import type { Attachment, Message, MessageStatus } from '../contract/message.ts';
import type { Colleague, Operator } from '../contract/operator.ts';
import type { Source, SourceBrief } from '../contract/source.ts';
import type { ApiToken } from '../store/entities/api-token.ts';
import type { Decision as DecisionRow } from '../store/entities/decision.ts';
import type { Lead as LeadRow } from '../store/entities/lead.ts';
import type { Operator as OperatorRow } from '../store/entities/operator.ts';
import type { Source as SourceRow } from '../store/entities/source.ts';

const iso = (at: Date): string => at.toISOString();
const isoOrNull = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;

/** What a contact's wire form is made of: a loaded entity, or the row that intake has just written. */
export type ContactFacts = {
  id: ContactId;
  lead: { id: LeadId; externalId: string; name?: string | null };
  source: { id: SourceId; code: string; name: string };
  operator?: { id: OperatorId; name: string } | null;
  status: ContactStatus;
  text?: string | null;
  lastAuthor?: Author | null;
  lastText?: string | null;
  lastAt?: Date | null;
  createdAt: Date;
  assignedAt?: Date | null;
  closedAt?: Date | null;
  closeReason?: string | null;
  version: number;
  unreachableReason?: Unreachable['reason'] | null;
  unreachableSince?: Date | null;
  offerExpiresAt?: Date | null;
  /** Only of closed ones. */
  erasedAt?: Date | null;
};

export function contactView(row: ContactFacts): Contact {
  return {
    id: row.id,
    lead_id: row.lead.id,
    source_id: row.source.id,
    operator_id: row.operator?.id ?? null,
    status: row.status,
    text: row.text ?? null,
    created_at: iso(row.createdAt),
    assigned_at: isoOrNull(row.assignedAt),
    closed_at: isoOrNull(row.closedAt),
    close_reason: row.closeReason ?? null,
    version: row.version,
    lead: { id: row.lead.id, external_id: row.lead.externalId, name: row.lead.name ?? null },
    source: sourceRef(row.source),
    operator: row.operator ? { id: row.operator.id, name: row.operator.name } : null,
    last_message:
      row.lastAt && row.lastAuthor
        ? { author: row.lastAuthor, text: row.lastText ?? '', at: iso(row.lastAt) }
        : null,
    unreachable:
      row.unreachableReason && row.unreachableSince
        ? { reason: row.unreachableReason, since: iso(row.unreachableSince) }
        : null,
    offer_expires_at: isoOrNull(row.offerExpiresAt),
    erased_at: isoOrNull(row.erasedAt),
  };
}

function sourceRef(source: { id: SourceId; code: string; name: string }): Contact['source'] {
  return { id: source.id, code: source.code, name: source.name };
}

export function contactBrief(row: ContactFacts): ContactBrief {
  return { id: row.id, status: row.status, source: sourceRef(row.source), created_at: iso(row.createdAt) };
}

/** What a message's wire form is made of. */
export type MessageFacts = {
  id: MessageId;
  author: Author;
  operatorId?: OperatorId | null;
  text: string;
  attachments: Attachment[];
  status?: MessageStatus | null;
  error?: string | null;
  clientId?: string | null;
  externalId?: string | null;
  replyTo?: MessageId | null;
  sentAt?: Date | null;
  editedAt?: Date | null;
  createdAt: Date;
};

export function messageView(contactId: ContactId, row: MessageFacts): Message {
  return {
    id: row.id,
    contact_id: contactId,
    author: row.author,
    operator_id: row.operatorId ?? null,
    text: row.text,
    attachments: row.attachments,
    status: row.status ?? null,
    error: row.error ?? null,
    client_id: row.clientId ?? null,
    external_id: row.externalId ?? null,
    reply_to: row.replyTo ?? null,
    sent_at: isoOrNull(row.sentAt),
    edited_at: isoOrNull(row.editedAt),
    created_at: iso(row.createdAt),
  };
}

export function operatorView(row: OperatorRow): Operator {
  return {
    id: row.id,
    name: row.name,
    email: row.email ?? null,
    role: row.role,
    is_active: row.isActive,
    availability: row.availability,
    presence: row.isOnline ? 'online' : 'offline',
    max_load: row.maxLoad,
    load: row.load,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}

export function colleagueView(row: OperatorRow): Colleague {
  const { id, name, availability, presence, load, max_load } = operatorView(row);
  return { id, name, availability, presence, load, max_load };
}

export function sourceView(row: SourceRow): Source {
  return {
    id: row.id,
    name: row.name,
    code: row.code,
    kind: row.kind,
    is_active: row.isActive,
    strategy: row.strategy,
    return_policy: { kind: row.returnPolicy },
    require_presence: row.requirePresence,
    priority: row.priority,
    reopen_minutes: row.reopenMinutes,
    offer_seconds: row.offerSeconds,
    on_offline: row.onOffline,
    greeting: row.greeting ?? null,
    greetings: row.greetings ?? {},
    queue_notice: row.queueNotice ?? null,
    queue_notices: row.queueNotices ?? {},
    retention_days: row.retentionDays ?? null,
    ...(row.kind === 'telegram' && {
      telegram: {
        mode: row.telegramMode ?? 'polling',
        bot_username: (row.botInfo?.['username'] as string | undefined) ?? null,
        token_hint: row.secretHint ?? '',
        api_root: row.apiRoot ?? null,
      },
    }),
    ...(row.kind === 'webhook' && {
      webhook: {
        auth: row.webhookAuth ?? 'bearer',
        callback_url: row.callbackUrl ?? null,
        mapping: row.mapping ?? {},
        secret_hint: row.secretHint ?? '',
        previous_secret_until: isoOrNull(row.previousSecretUntil),
        rate_limit: row.rateLimit ?? null,
      },
    }),
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}

export function sourceBrief(row: SourceRow): SourceBrief {
  return { id: row.id, name: row.name, code: row.code, kind: row.kind, is_active: row.isActive };
}

export function leadView(row: LeadRow): Lead {
  return {
    id: row.id,
    external_id: row.externalId,
    name: row.name ?? null,
    phone: row.phone ?? null,
    email: row.email ?? null,
    language: row.language ?? null,
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  };
}

export function decisionView(row: DecisionRow): Decision {
  return {
    id: row.id,
    at: iso(row.at),
    strategy: row.strategy,
    rule: row.rule,
    trigger: row.trigger,
    outcome: row.outcome,
    operator_id: row.operatorId ?? null,
    refused: row.refused,
    candidate_count: row.candidateCount,
    candidates: row.candidates,
    total_weight: row.totalWeight,
    draw: row.draw ?? null,
    turn: row.turn ?? null,
    runner_up: row.runnerUp ?? null,
    config_version: row.configVersion,
  };
}

export function tokenView(row: ApiToken): Token {
  return {
    id: row.id,
    name: row.name,
    role: row.operator?.role ?? row.role,
    scope: row.scope,
    operator_id: row.operator?.id ?? null,
    expires_at: isoOrNull(row.expiresAt),
    last_used_at: isoOrNull(row.lastUsedAt),
    rate_limit: row.rateLimit ?? null,
    created_at: iso(row.createdAt),
  };
}
