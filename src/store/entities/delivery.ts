import { defineEntity, p } from '@mikro-orm/core';
import type { SourceId } from '../../contract/ids.ts';
import type { MessageStatus } from '../../contract/message.ts';
import { Message } from './message.ts';

export type DeliveryKind = 'telegram' | 'callback';

/** Something to be sent. Of one lane, only the oldest unfinished one is ever under way. */
export const DeliverySchema = defineEntity({
  name: 'Delivery',
  tableName: 'delivery',
  indexes: [
    {
      name: 'delivery_lane',
      properties: ['sourceId', 'lane', 'id'],
      where: "status in ('queued', 'sending')",
    },
    { name: 'delivery_due', properties: ['nextAt', 'id'], where: "status = 'queued'" },
    // Those that a person has to look at.
    { name: 'delivery_trouble', properties: ['status', 'id'], where: "status in ('failed', 'uncertain')" },
  ],
  properties: {
    id: p.bigint('number').primary(),
    sourceId: p.bigint('number').$type<SourceId>(),
    // null: a line of the bot itself, its text stands in the row.
    message: () => p.manyToOne(Message).nullable().index(),
    kind: p.string().$type<DeliveryKind>(),
    lane: p.text(),
    chat: p.text().nullable(),
    text: p.text().nullable(),
    status: p.string().$type<MessageStatus>(),
    attempt: p.integer(),
    nextAt: p.datetime(),
    error: p.text().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
export class Delivery extends DeliverySchema.class {}
DeliverySchema.setClass(Delivery);
