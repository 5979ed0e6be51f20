import { z } from 'zod';
import type { SourceId } from '../contract/ids.ts';
import { type SourceKind, SourceState } from '../contract/source.ts';
import { Lease } from '../store/entities/lease.ts';
import { Source } from '../store/entities/source.ts';
import type { Desk } from './desk.ts';
import { listLeases, sourceLease } from './leases.ts';

/** How a source does, as the gateway that serves it has last told. */
export type SourceReport = {
  id: SourceId;
  code: string;
  kind: SourceKind;
  state: SourceState;
  /** Who serves it; null: nobody, or nobody has to. */
  gateway: string | null;
  lastError: string | null;
  /** ISO 8601. */
  lastUpdateAt: string | null;
  pendingUpdates: number | null;
};

// Another version of the gateway may have written it: what is not understood counts as not said.
const Told = z
  .object({
    state: SourceState.nullable().catch(null),
    last_error: z.string().nullable().catch(null),
    last_update_at: z.string().nullable().catch(null),
    pending_updates: z.number().nullable().catch(null),
  })
  .catch({ state: null, last_error: null, last_update_at: null, pending_updates: null });

/** All sources by id. */
export async function readSourceReports(desk: Desk): Promise<SourceReport[]> {
  const em = desk.store.em();
  const sources = await em.find(
    Source,
    {},
    { fields: ['id', 'code', 'kind', 'isActive'], orderBy: { id: 'asc' } },
  );
  const leases = await em.find(Lease, { name: { $like: 'source:%' } }, { fields: ['name', 'report'] });
  const reports = new Map(leases.map(({ name, report }) => [name, report]));
  const living = (await listLeases(desk)).filter(({ isLive }) => isLive);
  const holders = new Map(living.map(({ name, holder }) => [name, holder]));
  return sources.map(({ id, code, kind, isActive }) => {
    const lease = sourceLease(id);
    const gateway = holders.get(lease) ?? null;
    const told = Told.parse(gateway === null ? null : reports.get(lease));
    return {
      id,
      code,
      kind,
      // What needs no bot runs by itself; a bot that nobody has taken yet is about to start.
      state: isActive ? (told.state ?? (kind === 'telegram' ? 'starting' : 'running')) : 'stopped',
      gateway,
      lastError: told.last_error,
      lastUpdateAt: told.last_update_at,
      pendingUpdates: told.pending_updates,
    };
  });
}
