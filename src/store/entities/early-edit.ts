import { defineEntity, p } from '@mikro-orm/core';
import type { SourceId } from '../../contract/ids.ts';

/** An edit that came before its message: it is applied when the message comes. */
export const EarlyEditSchema = defineEntity({
  name: 'EarlyEdit',
  tableName: 'early_edit',
  properties: {
    sourceId: p.bigint('number').$type<SourceId>().primary(),
    externalId: p.text().primary(),
    text: p.text(),
    editedAt: p.datetime(),
  },
});
export class EarlyEdit extends EarlyEditSchema.class {}
EarlyEditSchema.setClass(EarlyEdit);
