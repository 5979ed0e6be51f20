import { defineEntity, p } from '@mikro-orm/core';
import type { Author } from '../../contract/contact.ts';
import type { MessageId, OperatorId, SourceId } from '../../contract/ids.ts';
import type { Attachment, MessageStatus } from '../../contract/message.ts';
import { Contact } from './contact.ts';

export const MessageSchema = defineEntity({
  name: 'Message',
  tableName: 'message',
  indexes: [{ properties: ['contact', 'id'] }],
  uniques: [
    // Few messages have both names: one that is missing costs its index nothing.
    { name: 'message_once', properties: ['sourceId', 'externalId'], where: 'external_id is not null' },
    { name: 'message_client_once', properties: ['contact', 'clientId'], where: 'client_id is not null' },
  ],
  properties: {
    id: p.bigint('number').primary().$type<MessageId>(),
    contact: () => p.manyToOne(Contact).index(false),
    sourceId: p.bigint('number').$type<SourceId>(),
    author: p.string().$type<Author>(),
    operatorId: p.bigint('number').$type<OperatorId>().nullable(),
    text: p.text(),
    attachments: p.json<Attachment[]>(),
    status: p.string().$type<MessageStatus>().nullable(),
    error: p.text().nullable(),
    clientId: p.text().nullable(),
    // The message's id where it came from; with the source it is unique.
    externalId: p.text().nullable(),
    replyTo: p.bigint('number').$type<MessageId>().nullable(),
    // What the channel really sent, where it holds more than we show.
    raw: p.json<unknown>().nullable(),
    sentAt: p.datetime().nullable(),
    editedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
});
export class Message extends MessageSchema.class {}
MessageSchema.setClass(Message);
