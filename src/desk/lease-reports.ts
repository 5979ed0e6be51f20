import type { SourceId } from '../contract/ids.ts';
import { Lease } from '../store/entities/lease.ts';
import type { Desk } from './desk.ts';
import { listLeases, sourceLease } from './leases.ts';

/** Writes down what the holder of sources has to tell of them, as JSON; of those it does not hold it tells nothing. */
export async function writeReports(
  desk: Desk,
  gateway: string,
  reports: readonly { sourceId: SourceId; text: string }[],
): Promise<void> {
  await desk.store.write(async (tx) => {
    for (const { sourceId, text } of reports)
      await tx.em.execute('update lease set report = ? where name = ? and holder = ?', [
        text,
        sourceLease(sourceId),
        gateway,
      ]);
  });
}

/** Who serves a source now and what it has told last; null while nobody does. */
export async function readReport(
  desk: Desk,
  sourceId: SourceId,
): Promise<{ holder: string; report: unknown } | null> {
  const [lease] = await listLeases(desk, [sourceLease(sourceId)]);
  if (lease?.isLive !== true) return null;
  const row = await desk.store.em().findOne(Lease, { name: lease.name });
  return { holder: lease.holder, report: row?.report ?? null };
}
