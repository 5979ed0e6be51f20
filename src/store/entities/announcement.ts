import { defineEntity, p } from '@mikro-orm/core';
import type { SourceId } from '../../contract/ids.ts';

/** A line that the bot says once in a chat: the row is the memory of having said it. */
export const AnnouncementSchema = defineEntity({
  name: 'Announcement',
  tableName: 'announcement',
  properties: {
    sourceId: p.bigint('number').$type<SourceId>().primary(),
    chat: p.text().primary(),
    topic: p.text().primary(),
    at: p.datetime(),
  },
});
export class Announcement extends AnnouncementSchema.class {}
AnnouncementSchema.setClass(Announcement);
