import { describe, expect, test } from 'vitest';
import { takeStock } from '../../src/desk/gauges.ts';
import { takeLeases } from '../../src/desk/leases.ts';
import { readSourceReports } from '../../src/desk/source-reports.ts';
import { Lease } from '../../src/store/entities/lease.ts';
import { databases, hasSource, openTestDesk, opens, stoppedClock, type TestDesk } from '../support/desk.ts';

/** A gateway serves a source and has told this of it. */
async function hasReport(
  desk: TestDesk,
  sourceId: number,
  report: Record<string, unknown> | null,
): Promise<void> {
  const name = `source:${sourceId}`;
  await takeLeases(desk, { gateway: 'gw-1', ttlMs: 60_000, isSole: false }, [name]);
  await desk.store.write((tx) => tx.em.nativeUpdate(Lease, { name }, { report }));
}

describe.each(databases)('on %s', (database) => {
  test('the age of a queue is that of who waits longest in it', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const [full, empty] = [await hasSource(desk), await hasSource(desk)];
    await opens(desk, full, 'ann');
    clock.advance(90_000);
    await opens(desk, full, 'bob');
    clock.advance(10_500);

    const { queues } = await takeStock(desk);

    expect(queues).toEqual([
      { sourceId: full, waiting: 2, oldestSeconds: 100.5 },
      { sourceId: empty, waiting: 0, oldestSeconds: 0 },
    ]);
  });

  test('a bot is in the state that its gateway told last, as long as that holds it', async () => {
    await using desk = await openTestDesk(database);
    const [told, mute, off, free] = [
      await hasSource(desk, { kind: 'telegram' }),
      await hasSource(desk, { kind: 'telegram' }),
      await hasSource(desk, { kind: 'telegram', isActive: false }),
      await hasSource(desk, { kind: 'telegram' }),
    ];
    await hasReport(desk, told, { state: 'unauthorized', last_error: 'Unauthorized', pending_updates: 3 });
    await hasReport(desk, mute, null);
    await hasReport(desk, off, { state: 'running' });
    await hasReport(desk, free, { state: 'running' });
    await desk.store.write((tx) => tx.em.nativeUpdate(Lease, { name: `source:${free}` }, { expiresAt: 1 }));

    const reports = await readSourceReports(desk);

    expect(reports.map(({ id, state, gateway }) => ({ id, state, gateway }))).toEqual([
      { id: told, state: 'unauthorized', gateway: 'gw-1' },
      { id: mute, state: 'starting', gateway: 'gw-1' },
      { id: off, state: 'stopped', gateway: 'gw-1' },
      { id: free, state: 'starting', gateway: null },
    ]);
    expect(reports[0]).toMatchObject({ lastError: 'Unauthorized', pendingUpdates: 3, lastUpdateAt: null });
  });

  test('a report in words of another version is no fault', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk, { kind: 'telegram' });
    await hasReport(desk, source, { state: 'dancing', last_error: 7, pending_updates: 'many', more: {} });

    const [report] = await readSourceReports(desk);

    expect(report).toMatchObject({ state: 'starting', lastError: null, pendingUpdates: null });
  });
});
