import { type FilterQuery, raw } from '@mikro-orm/core';
import type { AuditEntry as AuditEntryWire, AuditFilter, AuditQuery } from '../contract/audit.ts';
import type { AuditEntryId } from '../contract/ids.ts';
import type { Page } from '../contract/page.ts';
import { AuditEntry } from '../store/entities/audit-entry.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import type { Desk } from './desk.ts';
import { pageById, readIdCursor } from './page.ts';
import { authorizeAny } from './policy.ts';

const AT_ONCE = 500;

/** What was noted, newest first. Throws Problem('forbidden') or Problem('invalid'). */
export async function listAudit(
  desk: Desk,
  actor: Actor,
  { limit, cursor, ...filter }: AuditQuery,
): Promise<Page<AuditEntryWire>> {
  authorizeAny(actor, 'audit.see');
  return pageById(await entries(desk, filter, readIdCursor(cursor), limit + 1), limit, auditView);
}

/**
 * Everything that was noted until now and fits the filter, newest first, read in pieces while it is taken. That it is
 * handed out is noted as well, before the first of it. Throws Problem('forbidden').
 */
export async function exportAudit(
  desk: Desk,
  actor: Actor,
  filter: AuditFilter,
): Promise<AsyncIterable<AuditEntryWire[]>> {
  authorizeAny(actor, 'audit.see');
  const own = await desk.store.write(async (tx) => {
    const at = desk.clock.now();
    return audit(tx, actor, { at, action: 'audit.exported', subject: 'audit', after: filter });
  });
  return piecesBelow(desk, filter, own);
}

async function* piecesBelow(
  desk: Desk,
  filter: AuditFilter,
  end: AuditEntryId,
): AsyncGenerator<AuditEntryWire[]> {
  for (let below = end; ;) {
    const piece = await entries(desk, filter, below, AT_ONCE);
    if (piece.length > 0) yield piece.map(auditView);
    if (piece.length < AT_ONCE) return;
    below = piece.at(-1)!.id;
  }
}

function entries(
  { store }: Desk,
  filter: AuditFilter,
  below: AuditEntryId | null,
  limit: number,
): Promise<AuditEntry[]> {
  const filters = below === null ? asked(filter) : [...asked(filter), { id: { $lt: below } }];
  return store.em().find(AuditEntry, { $and: filters }, { orderBy: { id: 'desc' }, limit });
}

function asked({ actor, action, subject, from, to }: AuditFilter): FilterQuery<AuditEntry>[] {
  const filters: FilterQuery<AuditEntry>[] = [];
  if (actor !== undefined) filters.push({ actor });
  if (action !== undefined) filters.push(isFamily(action) ? ofFamily(action) : { action });
  if (subject !== undefined) filters.push({ subject });
  if (from !== undefined) filters.push({ at: { $gte: new Date(from) } });
  if (to !== undefined) filters.push({ at: { $lt: new Date(to) } });
  return filters;
}

/** An action has a dot in it: `operator` and `operator.` are all that begin so. */
function isFamily(action: string): boolean {
  return !action.includes('.') || action.endsWith('.');
}

function ofFamily(family: string): FilterQuery<AuditEntry> {
  const start = family.endsWith('.') ? family : `${family}.`;
  const matching = raw((row) => `substr(${row}.action, 1, ?) = ?`, [start.length, start]);
  return { [matching]: [] };
}

function auditView({ at, credential = null, address = null, ...row }: AuditEntry): AuditEntryWire {
  const { id, actor, action, subject, before, after } = row;
  return { id, at: at.toISOString(), actor, credential, address, action, subject, before, after };
}
