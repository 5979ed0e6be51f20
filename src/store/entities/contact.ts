import { defineEntity, p } from '@mikro-orm/core';
import type { Author, ContactStatus, Unreachable } from '../../contract/contact.ts';
import type { Refusal } from '../../contract/decision.ts';
import type { ContactId, OperatorId } from '../../contract/ids.ts';
import { Lead } from './lead.ts';
import { Operator } from './operator.ts';
import { Source } from './source.ts';

export const ContactSchema = defineEntity({
  name: 'Contact',
  tableName: 'contact',
  indexes: [
    // The queue of a source, oldest first.
    { name: 'contact_queue', properties: ['source', 'createdAt', 'id'], where: "status = 'waiting'" },
    {
      name: 'contact_released',
      properties: ['releasedAt'],
      where: "status = 'waiting' and released_at is not null",
    },
    { name: 'contact_offered', properties: ['offerExpiresAt'], where: 'offer_expires_at is not null' },
    { name: 'contact_released_by', properties: ['releasedBy'], where: 'released_by_id is not null' },
    { properties: ['lead', 'id'] },
    { properties: ['source', 'id'] },
    { properties: ['operator', 'status', 'id'] },
    { properties: ['status', 'id'] },
    { properties: ['createdAt', 'id'] },
    // What a source's retention looks for, oldest first.
    {
      name: 'contact_kept',
      properties: ['source', 'closedAt'],
      where: "status = 'closed' and erased_at is null",
    },
  ],
  uniques: [
    {
      name: 'contact_one_open_by_message',
      properties: ['lead', 'source'],
      where: "by_message and status <> 'closed'",
    },
  ],
  properties: {
    id: p.bigint('number').primary().$type<ContactId>(),
    // Indexed above, together with what lists and the queue order by.
    lead: () => p.manyToOne(Lead).index(false),
    source: () => p.manyToOne(Source).index(false),
    operator: () => p.manyToOne(Operator).nullable().deleteRule('no action').index(false),
    status: p.string().$type<ContactStatus>(),
    text: p.text().nullable(),
    // Opened by a message of the lead, not by a plain API call.
    byMessage: p.boolean(),
    // Where replies go: the chat of the newest message that came through a bot.
    chat: p.text().nullable(),
    // How many times the rule ran on it: with the id, it seeds the next draw.
    attempt: p.integer(),
    releasedBy: () => p.manyToOne(Operator).nullable().deleteRule('set null').index(false),
    releasedAt: p.datetime().nullable(),
    lastAuthor: p.string().$type<Author>().nullable(),
    lastText: p.text().nullable(),
    lastAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    assignedAt: p.datetime().nullable(),
    closedAt: p.datetime().nullable(),
    closeReason: p.text().nullable(),
    version: p.integer(),
    // Why the channel takes nothing for this chat any more, until the lead writes again.
    unreachableReason: p.string().$type<Unreachable['reason']>().nullable(),
    unreachableSince: p.datetime().nullable(),
    // Its operator has to accept it until then.
    offerExpiresAt: p.datetime().nullable(),
    // Who did not accept it, and how: routing does not offer it to them again. Never looked into.
    declined: p.json<[OperatorId, Refusal][]>().columnType('json').nullable(),
    // The place in the queue that the customer was told last.
    toldPlace: p.integer().nullable(),
    // Since then nothing is left of what was said in it.
    erasedAt: p.datetime().nullable(),
  },
});
export class Contact extends ContactSchema.class {}
ContactSchema.setClass(Contact);
