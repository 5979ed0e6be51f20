import { defineEntity, p } from '@mikro-orm/core';
import type { DeadLetterId, SourceId } from '../../contract/ids.ts';

/** What could not be handled, kept raw with the reason. */
export const DeadLetterSchema = defineEntity({
  name: 'DeadLetter',
  tableName: 'dead_letter',
  uniques: [{ name: 'dead_letter_once', properties: ['sourceId', 'externalId'] }],
  properties: {
    id: p.bigint('number').primary().$type<DeadLetterId>(),
    sourceId: p.bigint('number').$type<SourceId>(),
    externalId: p.text().nullable(),
    reason: p.text(),
    raw: p.json<unknown>(),
    createdAt: p.datetime(),
  },
});
export class DeadLetter extends DeadLetterSchema.class {}
DeadLetterSchema.setClass(DeadLetter);
