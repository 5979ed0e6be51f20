import { defineEntity, p } from '@mikro-orm/core';

/** Who does a piece of work that only one gateway may do: serve a source, or be the gateway of that name. */
export const LeaseSchema = defineEntity({
  name: 'Lease',
  tableName: 'lease',
  properties: {
    // `source:<id>` or `gateway:<name>`.
    name: p.string().length(190).primary(),
    holder: p.string().length(190),
    // Rises whenever the lease changes hands: writes of an earlier holder show an older one and are refused.
    epoch: p.bigint('number'),
    // Milliseconds since 1970 by the database's own clock: those of gateways may differ.
    expiresAt: p.bigint('number'),
    // How the work goes, in the holder's words.
    report: p.json<Record<string, unknown>>().nullable(),
  },
});
export class Lease extends LeaseSchema.class {}
LeaseSchema.setClass(Lease);
