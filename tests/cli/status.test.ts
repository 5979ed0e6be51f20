import { describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/run.ts';
import { takeLeases } from '../../src/desk/leases.ts';
import { Lease } from '../../src/store/entities/lease.ts';
import {
  type Database,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  stoppedClock,
  type TestDesk,
} from '../support/desk.ts';
import { SECRET_KEY } from '../support/gateway.ts';

/** What `status` prints about a database; it opens that itself, as beside a gateway. */
async function status(desk: TestDesk, ...words: string[]): Promise<string[]> {
  const printed: string[] = [];
  const code = await runCommand(['status', ...words], {
    env: { SECRET_KEY, DATABASE_URL: desk.databaseUrl },
    readText: String,
    readInput: () => '',
    print: (line) => void printed.push(line),
    hint: (line) => void printed.push(line),
  });
  expect(code).toBe(0);
  return printed;
}

/** A shop bot in trouble with two who wait, a site that is well, and one operator. */
async function openFurnished(database: Database): Promise<TestDesk> {
  const threeHoursAgo = new Date(Date.now() - 3 * 3_600_000).toISOString();
  const desk = await openTestDesk(database, { clock: stoppedClock(threeHoursAgo) });
  const site = await hasSource(desk, { code: 'site' });
  const shop = await hasSource(desk, { code: 'shop', kind: 'telegram' });
  await hasOperator(desk, { maxLoad: 1, on: { [site]: 1 } });
  await opens(desk, site, 'ann');
  for (const lead of ['bob', 'cleo']) await opens(desk, shop, lead);
  const holder = { gateway: 'gw-1', ttlMs: 60_000, isSole: false };
  await takeLeases(desk, holder, ['gateway:gw-1', `source:${shop}`]);
  await takeLeases(desk, { ...holder, gateway: 'gw-0', ttlMs: -1 }, ['gateway:gw-0']);
  const report = {
    state: 'conflict',
    last_error: 'Conflict:\nanother one asks\u001b[31m',
    pending_updates: 12,
  };
  await desk.store.write((tx) => tx.em.nativeUpdate(Lease, { name: `source:${shop}` }, { report }));
  return desk;
}

describe.each(databases)('on %s', (database) => {
  test('status is read by people: figures first, then a line for each source', async () => {
    await using desk = await openFurnished(database);

    const lines = await status(desk);

    expect(lines[0]).toMatch(new RegExp(`^database      ${database}, schema \\d{8}_\\w+$`));
    if (database === 'postgresql') expect(lines).toContain('gateways      1 alive: gw-1');
    else expect(lines.join('\n')).not.toMatch(/^gateways/m);
    expect(lines).toContain('operators     1 active of 1');
    expect(lines).toContain('sources       2 active of 2');
    expect(lines).toContain('deliveries    0 queued, 0 sending, 0 failed, 0 uncertain');
    expect(lines.join('\n')).toMatch(/^contacts {6}1 assigned, 2 waiting, the oldest since \d{4}-/m);
    expect(lines.slice(lines.indexOf('') + 1)).toEqual([
      'source  kind      state     waiting  oldest  pending  gateway  last error',
      'site    api       running   0        -       -        -        -',
      'shop    telegram  conflict  2        3 h     12       gw-1     Conflict: another one asks?[31m',
    ]);
  });

  test('status --json is read by machines', async () => {
    await using desk = await openFurnished(database);

    const printed = await status(desk, '--json');

    expect(JSON.parse(printed.join('\n'))).toEqual({
      database,
      schema_version: expect.stringMatching(/^\d{8}_\w+$/),
      gateways: database === 'postgresql' ? ['gw-1'] : null,
      operators: { active: 1, all: 1 },
      sources: { active: 2, all: 2 },
      contacts: { waiting: 2, assigned: 1 },
      oldest_waiting_at: expect.stringMatching(/^\d{4}-.*Z$/),
      deliveries: { queued: 0, sending: 0, failed: 0, uncertain: 0 },
      dead_letters: 0,
      by_source: [
        expect.objectContaining({ code: 'site', kind: 'api', state: 'running', waiting: 0 }),
        {
          id: expect.any(Number),
          code: 'shop',
          kind: 'telegram',
          state: 'conflict',
          gateway: 'gw-1',
          waiting: 2,
          oldest_waiting_seconds: expect.any(Number),
          pending_updates: 12,
          last_update_at: null,
          last_error: 'Conflict:\nanother one asks\u001b[31m',
        },
      ],
    });
  });
});

test('status with a word that it does not know is not understood', async () => {
  const hinted: string[] = [];

  const code = await runCommand(['status', '--yaml'], {
    env: {},
    readText: String,
    readInput: () => '',
    print: () => {},
    hint: (line) => void hinted.push(line),
  });

  expect(code).toBe(2);
  expect(hinted.join('\n')).toMatch(/--yaml[\s\S]*Usage:/);
});
