import type { Author, ContactStatus, Unreachable } from '../contract/contact.ts';
import type { ContactId, LeadId, OperatorId, SourceId } from '../contract/ids.ts';

/** A contact with the names of whom and what it belongs to: all that its wire form is made of. */
export type ContactRow = {
  id: ContactId;
  lead: { id: LeadId; externalId: string; name: string | null };
  source: { id: SourceId; code: string; name: string };
  operator: { id: OperatorId; name: string } | null;
  status: ContactStatus;
  text: string | null;
  lastAuthor: Author | null;
  lastText: string | null;
  lastAt: Date | null;
  createdAt: Date;
  assignedAt: Date | null;
  closedAt: Date | null;
  closeReason: string | null;
  version: number;
  unreachableReason: Unreachable['reason'] | null;
  unreachableSince: Date | null;
  offerExpiresAt: Date | null;
};

type Times = 'lastAt' | 'createdAt' | 'assignedAt' | 'closedAt' | 'unreachableSince' | 'offerExpiresAt';
type Flat = Omit<ContactRow, Times | 'lead' | 'source' | 'operator'> &
  Record<Times, number | null> & {
    leadId: LeadId;
    externalId: string;
    leadName: string | null;
    sourceId: SourceId;
    code: string;
    sourceName: string;
    operatorId: OperatorId | null;
    operatorName: string | null;
  };

/** The statement that reads contacts for `contactOf`; `id` and `time` turn columns into numbers. */
export function contactsSql(
  { id, time }: Record<'id' | 'time', (column: string) => string>,
  among: string,
): string {
  return `select ${id('c.id')} as id, ${id('l.id')} as "leadId", l.external_id as "externalId", l.name as "leadName",
         ${id('s.id')} as "sourceId", s.code, s.name as "sourceName", ${id('o.id')} as "operatorId",
         o.name as "operatorName", c.status, c.text, c.last_author as "lastAuthor", c.last_text as "lastText",
         ${time('c.last_at')} as "lastAt", ${time('c.created_at')} as "createdAt",
         ${time('c.assigned_at')} as "assignedAt", ${time('c.closed_at')} as "closedAt",
         c.close_reason as "closeReason", c.version, c.unreachable_reason as "unreachableReason",
         ${time('c.unreachable_since')} as "unreachableSince", ${time('c.offer_expires_at')} as "offerExpiresAt"
    from contact c join lead l on l.id = c.lead_id join source s on s.id = c.source_id
         left join operator o on o.id = c.operator_id
   where c.id ${among}`;
}

/** What the row of `contactsSql` says. */
export function contactOf(flat: unknown): ContactRow {
  const { leadId, externalId, leadName, sourceId, code, sourceName, operatorId, operatorName, ...row } =
    flat as Flat;
  return {
    ...row,
    lead: { id: leadId, externalId, name: leadName },
    source: { id: sourceId, code, name: sourceName },
    operator: operatorId === null ? null : { id: operatorId, name: operatorName! },
    lastAt: dateOf(row.lastAt),
    createdAt: new Date(row.createdAt!),
    assignedAt: dateOf(row.assignedAt),
    closedAt: dateOf(row.closedAt),
    unreachableSince: dateOf(row.unreachableSince),
    offerExpiresAt: dateOf(row.offerExpiresAt),
  };
}

function dateOf(millis: number | null): Date | null {
  return millis === null ? null : new Date(millis);
}
