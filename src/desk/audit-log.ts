import type { AuditEntryId } from '../contract/ids.ts';
import { AuditEntry } from '../store/entities/audit-entry.ts';
import type { Tx } from '../store/write.ts';
import { type Actor, actorLabel, credentialLabel } from './actor.ts';

/** What the audit log says of a change. No secret and nothing that a lead has said stands in it. */
export type Audited = {
  at: Date;
  /** As `operator.changed`. */
  action: string;
  /** What it was done to, as `operator:7`. */
  subject: string;
  /** What was there before and is there now, of that alone which differs. */
  before?: unknown;
  after?: unknown;
};

/** Notes a change in the transaction that makes it; answers under which id. */
export async function audit(
  tx: Tx,
  actor: Actor,
  { before, after, ...change }: Audited,
): Promise<AuditEntryId> {
  const id: unknown = await tx.em.insert(AuditEntry, {
    ...change,
    actor: actorLabel(actor),
    before: before ?? null,
    after: after ?? null,
    credential: actor.kind === 'caller' ? credentialLabel(actor.credential) : null,
    address: actor.kind === 'caller' || actor.kind === 'anonymous' ? actor.address : null,
  });
  // PostgreSQL's driver answers 64 bits as text.
  return Number(id) as AuditEntryId;
}
