import { defineEntity, p } from '@mikro-orm/core';
import { Operator } from './operator.ts';

/** An operator has a console open at a gateway. */
export const PresenceSchema = defineEntity({
  name: 'Presence',
  tableName: 'presence',
  properties: {
    operator: () => p.manyToOne(Operator).primary().deleteRule('cascade').index(false),
    gateway: p.string().length(190).primary().index(),
  },
});
export class Presence extends PresenceSchema.class {}
PresenceSchema.setClass(Presence);
