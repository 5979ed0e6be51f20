import { defineEntity, p } from '@mikro-orm/core';

/** One row: the version of everything that decides routing. It rises with every change of it. */
export const ConfigurationSchema = defineEntity({
  name: 'Configuration',
  tableName: 'configuration',
  properties: {
    id: p.integer().primary().autoincrement(false),
    version: p.integer(),
  },
});
export class Configuration extends ConfigurationSchema.class {}
ConfigurationSchema.setClass(Configuration);
