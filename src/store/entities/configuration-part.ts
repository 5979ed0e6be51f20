import { defineEntity, p } from '@mikro-orm/core';

/** What a part of the configuration is of; its number is the id of that row. `weights` are those of one source. */
export type PartKind = 'operator' | 'source' | 'weights';

/** A part of the configuration as a version of it left it: in force until the next row of the same part. */
export const ConfigurationPartSchema = defineEntity({
  name: 'ConfigurationPart',
  tableName: 'configuration_part',
  indexes: [{ properties: ['version'] }],
  properties: {
    kind: p.string().primary().$type<PartKind>(),
    refId: p.bigint('number').primary(),
    version: p.integer().primary(),
    at: p.datetime(),
    // As in the trail of a contact.
    actor: p.string(),
    // Without secrets; null from when the row is deleted. Never looked into.
    value: p.json<unknown>().columnType('json').nullable(),
  },
});
export class ConfigurationPart extends ConfigurationPartSchema.class {}
ConfigurationPartSchema.setClass(ConfigurationPart);
