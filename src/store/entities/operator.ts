import { defineEntity, p } from '@mikro-orm/core';
import type { Role } from '../../contract/access.ts';
import type { OperatorId } from '../../contract/ids.ts';
import type { Availability } from '../../contract/operator.ts';

export const OperatorSchema = defineEntity({
  name: 'Operator',
  tableName: 'operator',
  properties: {
    id: p.bigint('number').primary().$type<OperatorId>(),
    name: p.text(),
    email: p.text().nullable().unique(),
    role: p.string().$type<Role>(),
    isActive: p.boolean(),
    availability: p.string().$type<Availability>(),
    isOnline: p.boolean(),
    maxLoad: p.integer(),
    // Changed only through the roster (desk/roster.ts), in the commit of the contact it counts.
    load: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
export class Operator extends OperatorSchema.class {}
OperatorSchema.setClass(Operator);
