import { describe, expect, test } from 'vitest';
import { Strategy } from '../../src/contract/decision.ts';
import type { ContactId } from '../../src/contract/ids.ts';
import { Decision } from '../../src/store/entities/decision.ts';
import { databases, hasOperator, hasSource, openTestDesk, opens, type TestDesk } from '../support/desk.ts';
import { runCli } from './support/run-cli.ts';

/** Two contacts given away by each strategy. */
async function wasBusy(desk: TestDesk): Promise<void> {
  for (const strategy of Strategy.options) {
    const source = await hasSource(desk, { strategy });
    for (const weight of [1, 2]) await hasOperator(desk, { on: { [source]: weight } });
    for (let n = 0; n < 2; n++) await opens(desk, source, `lead-${n}`);
  }
}

describe.each(databases)('on %s', (database) => {
  test('every decision replays, whatever the strategy', async () => {
    await using desk = await openTestDesk(database);
    await wasBusy(desk);

    const { code, printed } = await runCli('replay', { DATABASE_URL: desk.databaseUrl });

    expect([code, printed]).toEqual([0, '6 decisions replayed, none differs.']);
  });

  test('one that says another outcome than its numbers is told, and the command fails', async () => {
    await using desk = await openTestDesk(database);
    await wasBusy(desk);
    const { id } = await desk.store.em().findOneOrFail(Decision, { contact: 6 as ContactId });
    await desk.store.write((tx) =>
      tx.em.execute('update decision set operator_id = 11 - operator_id where id = ?', [id]),
    );

    const { code, printed, hinted } = await runCli('replay', { DATABASE_URL: desk.databaseUrl });

    expect(code).toBe(1);
    expect(printed).toMatch(new RegExp(`^decision ${id} of contact 6: went to [56], replayed [56]$`, 'm'));
    expect(hinted).toContain('6 decisions replayed, 1 differ.');
  });

  test('only those of a time are looked at', async () => {
    await using desk = await openTestDesk(database);
    await wasBusy(desk);
    const env = { DATABASE_URL: desk.databaseUrl };

    const before = await runCli('replay --to 2000-01-01', env);
    const since = await runCli('replay --from 2000-01-01T00:00:00+03:00 --to 2100-01-01', env);

    expect([before.printed, since.printed]).toEqual([
      '0 decisions replayed, none differs.',
      '6 decisions replayed, none differs.',
    ]);
  });
});

test.each([
  'replay --from yesterday',
  'replay --to 2026-02-30',
  'replay --from 2026-01-01T10:00',
  'replay all',
])('does not understand: %s', async (command) => {
  expect((await runCli(command)).code).toBe(2);
});
