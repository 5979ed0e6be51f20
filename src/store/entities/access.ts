import { defineEntity, p } from '@mikro-orm/core';

/** One row: what all gateways have to know of who may come in. */
export const AccessSchema = defineEntity({
  name: 'Access',
  tableName: 'access',
  properties: {
    id: p.integer().primary().autoincrement(false),
    // Rises whenever somebody's right to act ends or changes: what a gateway remembers of credentials is looked up anew.
    generation: p.integer(),
    // There is an admin, or has been one: a setup code opens nothing any more.
    isSetUp: p.boolean(),
  },
});
export class Access extends AccessSchema.class {}
AccessSchema.setClass(Access);
