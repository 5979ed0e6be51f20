import type { Author, ContactStatus } from '../contract/contact.ts';
import type { Candidate, Decision, RefusalReason, Rule, Strategy, Trigger } from '../contract/decision.ts';
import type { ContactId, DecisionId, LeadId, MessageId, OperatorId, SourceId } from '../contract/ids.ts';
import type { Attachment, MessageStatus } from '../contract/message.ts';
import type { DeliveryKind } from './entities/delivery.ts';

/** `document`: JSON that is read as a whole and never looked into; `jsonText`: the same, already written out. */
type ColumnType = 'id' | 'int' | 'real' | 'text' | 'flag' | 'time' | 'json' | 'document' | 'jsonText';
type Shape = Record<string, ColumnType>;

/** The columns that set-based inserts write, with their types in the words of neither database. */
export const shapes = {
  lead: {
    id: 'id',
    externalId: 'text',
    name: 'text',
    phone: 'text',
    email: 'text',
    language: 'text',
    createdAt: 'time',
    updatedAt: 'time',
  },
  contact: {
    id: 'id',
    leadId: 'id',
    sourceId: 'id',
    operatorId: 'id',
    status: 'text',
    text: 'text',
    byMessage: 'flag',
    chat: 'text',
    attempt: 'int',
    lastAuthor: 'text',
    lastText: 'text',
    lastAt: 'time',
    createdAt: 'time',
    assignedAt: 'time',
    offerExpiresAt: 'time',
    version: 'int',
  },
  message: {
    id: 'id',
    contactId: 'id',
    sourceId: 'id',
    author: 'text',
    operatorId: 'id',
    text: 'text',
    attachments: 'json',
    status: 'text',
    clientId: 'text',
    externalId: 'text',
    replyTo: 'id',
    raw: 'json',
    sentAt: 'time',
    editedAt: 'time',
    createdAt: 'time',
  },
  delivery: {
    id: 'id',
    sourceId: 'id',
    messageId: 'id',
    kind: 'text',
    lane: 'text',
    chat: 'text',
    status: 'text',
    attempt: 'int',
    nextAt: 'time',
    createdAt: 'time',
    updatedAt: 'time',
  },
  decision: {
    id: 'id',
    contactId: 'id',
    at: 'time',
    strategy: 'text',
    rule: 'text',
    triggerKind: 'text',
    outcome: 'text',
    operatorId: 'id',
    refused: 'document',
    candidateCount: 'int',
    candidates: 'document',
    totalWeight: 'id',
    draw: 'id',
    turn: 'real',
    runnerUp: 'document',
    situation: 'text',
    configVersion: 'int',
  },
  event: {
    at: 'time',
    type: 'text',
    sourceId: 'id',
    contactId: 'id',
    statusBefore: 'text',
    statusAfter: 'text',
    operatorBefore: 'id',
    operatorAfter: 'id',
    actor: 'text',
    reason: 'text',
    data: 'jsonText',
  },
  idempotency_key: {
    credential: 'text',
    idempotencyKey: 'text',
    bodyHash: 'text',
    contactId: 'id',
    createdAt: 'time',
  },
} as const satisfies Record<string, Shape>;

export type TableName = keyof typeof shapes;

type Rows = {
  lead: {
    id: LeadId;
    externalId: string;
    name: string | null;
    phone: string | null;
    email: string | null;
    language: string | null;
    createdAt: Date;
    updatedAt: Date;
  };
  contact: {
    id: ContactId;
    leadId: LeadId;
    sourceId: SourceId;
    operatorId: OperatorId | null;
    status: ContactStatus;
    text: string | null;
    byMessage: boolean;
    chat: string | null;
    attempt: number;
    lastAuthor: Author | null;
    lastText: string | null;
    lastAt: Date | null;
    createdAt: Date;
    assignedAt: Date | null;
    offerExpiresAt: Date | null;
    version: number;
  };
  message: {
    id: MessageId;
    contactId: ContactId;
    sourceId: SourceId;
    author: Author;
    operatorId: OperatorId | null;
    text: string;
    attachments: Attachment[];
    status: MessageStatus | null;
    clientId: string | null;
    externalId: string | null;
    replyTo: MessageId | null;
    raw: unknown;
    sentAt: Date | null;
    editedAt: Date | null;
    createdAt: Date;
  };
  delivery: {
    id: number;
    sourceId: SourceId;
    messageId: MessageId;
    kind: DeliveryKind;
    lane: string;
    chat: string | null;
    status: MessageStatus;
    attempt: number;
    nextAt: Date;
    createdAt: Date;
    updatedAt: Date;
  };
  decision: {
    id: DecisionId;
    contactId: ContactId;
    at: Date;
    strategy: Strategy;
    rule: Rule;
    triggerKind: Trigger;
    outcome: Decision['outcome'];
    operatorId: OperatorId | null;
    refused: Partial<Record<RefusalReason, number>>;
    candidateCount: number;
    candidates: Candidate[];
    totalWeight: number;
    draw: number | null;
    turn: number | null;
    runnerUp: Candidate | null;
    situation: string | null;
    configVersion: number;
  };
  event: {
    at: Date;
    type: string;
    sourceId: SourceId | null;
    contactId: ContactId | null;
    statusBefore: ContactStatus | null;
    statusAfter: ContactStatus | null;
    operatorBefore: OperatorId | null;
    operatorAfter: OperatorId | null;
    actor: string;
    reason: string | null;
    /** JSON, already written out: the same text serves several rows and the sockets. */
    data: string;
  };
  idempotency_key: {
    credential: string;
    idempotencyKey: string;
    bodyHash: string;
    contactId: ContactId;
    createdAt: Date;
  };
};

/** The tables whose rows get ids that are reserved before; events get theirs where they are written. */
export type CountedTable = Exclude<TableName, 'idempotency_key' | 'event'>;

/** A row to be inserted; what is left out is null. */
export type NewRow<T extends TableName> = Rows[T];

/** Rows of several tables, to be inserted together. */
export type NewRows = { [T in Exclude<TableName, 'event'>]?: NewRow<T>[] };

/** The columns of a table as the database names them, each with the key of the row and its type. */
export function columnsOf(table: TableName): { column: string; key: string; type: ColumnType }[] {
  return Object.entries(shapes[table]).map(([key, type]) => ({
    column: key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    key,
    type,
  }));
}

// What refers to others comes behind them.
const ORDER = ['lead', 'contact', 'message', 'delivery', 'decision', 'idempotency_key'] as const;

/** The tables among these that have rows, in an order in which they can be inserted. */
export function tablesOf(rows: NewRows): (keyof NewRows)[] {
  return ORDER.filter((table) => (rows[table]?.length ?? 0) > 0);
}
