import { defineEntity, p } from '@mikro-orm/core';
import type { ContactStatus } from '../../contract/contact.ts';
import type { ContactId, OperatorId, SourceId } from '../../contract/ids.ts';

/** What happened, written in the transaction it tells of. `data` is the wire form of that moment. */
export const EventSchema = defineEntity({
  name: 'Event',
  tableName: 'event',
  // The first is PostgreSQL's alone: the feed of SQLite is read by id.
  indexes: [{ properties: ['xid', 'id'] }, { properties: ['contactId', 'id'] }],
  properties: {
    id: p.bigint('number').primary(),
    // PostgreSQL: the writing transaction, which orders the feed. SQLite: 0, ids are in commit order there.
    xid: p.bigint('number'),
    at: p.datetime(),
    type: p.string(),
    sourceId: p.bigint('number').$type<SourceId>().nullable(),
    contactId: p.bigint('number').$type<ContactId>().nullable(),
    statusBefore: p.string().$type<ContactStatus>().nullable(),
    statusAfter: p.string().$type<ContactStatus>().nullable(),
    operatorBefore: p.bigint('number').$type<OperatorId>().nullable(),
    operatorAfter: p.bigint('number').$type<OperatorId>().nullable(),
    actor: p.string(),
    reason: p.text().nullable(),
    // Never looked into: on PostgreSQL the plain form is kept, which costs less to write.
    data: p.json<unknown>().columnType('json'),
  },
});
export class Event extends EventSchema.class {}
EventSchema.setClass(Event);
