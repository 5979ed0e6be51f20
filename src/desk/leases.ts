import type { SourceId } from '../contract/ids.ts';
import type { Tx } from '../store/write.ts';
import type { Desk } from './desk.ts';

/** What a write shows to prove that it comes from who still holds the lease. */
export type Fence = { lease: string; epoch: number };

/** Somebody else holds the lease by now: nothing of the write is kept. */
export class Fenced extends Error {}

/** Who takes leases, and for how long each time. */
export type Holder = {
  gateway: string;
  ttlMs: number;
  /** Whether no other gateway can be there: what an earlier run left behind holds nothing. */
  isSole: boolean;
};

const SOURCE = 'source:';
const GATEWAY = 'gateway:';

/** The lease of who polls and sends for a source. */
export function sourceLease(id: SourceId): string {
  return `${SOURCE}${id}`;
}

/** The lease of a gateway on its own name: it lives as long as it renews that. */
export function gatewayLease(gateway: string): string {
  return `${GATEWAY}${gateway}`;
}

/** The gateway of such a lease; null when it is one of a source. */
export function gatewayOf(lease: string): string | null {
  return lease.startsWith(GATEWAY) ? lease.slice(GATEWAY.length) : null;
}

/** Prolongs every lease of the holder that nobody has taken meanwhile; answers their names with their epochs. */
export function renewLeases(desk: Desk, { gateway, ttlMs }: Holder): Promise<Map<string, number>> {
  return desk.store.write(async (tx) => {
    const rows = await tx.em.execute<LeaseRow[]>(
      `update lease set expires_at = ${nowOf(desk)} + ? where holder = ? returning name, epoch`,
      [ttlMs, gateway],
    );
    return epochsOf(rows);
  });
}

/** Takes those of the leases that are free; the epoch of each rises. Answers what was taken. */
export function takeLeases(
  desk: Desk,
  { gateway, ttlMs, isSole }: Holder,
  names: readonly string[],
): Promise<Map<string, number>> {
  return desk.store.write(async (tx) => {
    const now = nowOf(desk);
    const taken = new Map<string, number>();
    // In one order, so that gateways that take at the same time do not wait for each other in a circle.
    for (const name of names.toSorted()) {
      // Waits for the writes that show the present epoch; those that come later show one that is over.
      if (desk.store.dialect === 'postgresql')
        await tx.em.execute('select 1 from lease where name = ? for update', [name]);
      const rows = await tx.em.execute<LeaseRow[]>(
        `insert into lease (name, holder, epoch, expires_at) values (?, ?, 1, ${now} + ?)
         on conflict (name) do update set holder = excluded.holder, epoch = lease.epoch + 1,
           expires_at = excluded.expires_at, report = null
         where lease.expires_at <= ${now} or ? returning name, epoch`,
        [name, gateway, ttlMs, isSole],
      );
      for (const [one, epoch] of epochsOf(rows)) taken.set(one, epoch);
    }
    return taken;
  });
}

/** Gives leases back at once, so that others need not wait for their end; they are not renewed any more. */
export async function releaseLeases(
  desk: Desk,
  { gateway }: Holder,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await desk.store.write((tx) =>
    tx.em.execute(
      `update lease set holder = '', expires_at = ${nowOf(desk)} where holder = ? and name in (${marks(names)})`,
      [gateway, ...names],
    ),
  );
}

/** A lease as everybody sees it. */
export type LeaseView = {
  name: string;
  holder: string;
  isLive: boolean;
};

/** All leases, those that have ended too, or only these. */
export async function listLeases(desk: Desk, names: readonly string[] = []): Promise<LeaseView[]> {
  const rows = await desk.store.em().execute<{ name: string; holder: string; rest: number | string }[]>(
    `select name, holder, expires_at - ${nowOf(desk)} as rest from lease
        ${names.length === 0 ? '' : `where name in (${marks(names)})`} order by name`,
    [...names],
  );
  return rows.map(({ name, holder, rest }) => ({
    name,
    holder,
    isLive: Number(rest) > 0,
  }));
}

/** Raises Fenced when the lease has another holder by now; while the transaction runs nobody can take it. */
export function assertFence(tx: Tx, desk: Desk, fence: Fence | null): Promise<void> {
  return assertFences(tx, desk, fence === null ? [] : [fence]);
}

/** The same for several: one that is over refuses them all. */
export async function assertFences(tx: Tx, desk: Desk, fences: readonly Fence[]): Promise<void> {
  if (fences.length === 0) return;
  const names = [...new Set(fences.map(({ lease }) => lease))];
  // Renewing does not wait for this lock, taking does.
  const lock = desk.store.dialect === 'postgresql' ? 'for key share' : '';
  const rows = await tx.em.execute<LeaseRow[]>(
    `select name, epoch from lease where name in (${marks(names)}) order by name ${lock}`,
    names,
  );
  const present = epochsOf(rows);
  const over = fences.find(({ lease, epoch }) => present.get(lease) !== epoch);
  if (over !== undefined) throw new Fenced(`the lease ${over.lease} has another holder`);
}

type LeaseRow = { name: string; epoch: number | string };

function epochsOf(rows: LeaseRow[]): Map<string, number> {
  return new Map(rows.map(({ name, epoch }) => [name, Number(epoch)]));
}

function marks(names: readonly string[]): string {
  return names.map(() => '?').join(', ');
}

/** Milliseconds since 1970 by the one clock that all gateways share: the database's. */
function nowOf(desk: Desk): string {
  return desk.store.dialect === 'postgresql'
    ? `(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : `cast(unixepoch('subsec') * 1000 as integer)`;
}
