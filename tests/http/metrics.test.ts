import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { SourceId } from '../../src/contract/ids.ts';
import type { MessageStatus } from '../../src/contract/message.ts';
import { Delivery } from '../../src/store/entities/delivery.ts';
import { databases } from '../support/desk.ts';
import {
  ADMIN_TOKEN,
  madeContact,
  madeOperator,
  madeSource,
  startTestApp,
  type TestApp,
} from '../support/http.ts';
import { openConsole } from '../realtime/console.ts';

/** Every sample of a scrape by its name and labels. */
async function scrape(app: TestApp): Promise<Map<string, number>> {
  const { status, text } = await app.as(null)('GET', '//metrics');
  expect(status).toBe(200);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

async function hasDelivery(app: TestApp, sourceId: number, status: MessageStatus): Promise<void> {
  const { store, clock } = app.app.desk;
  const at = clock.now();
  await store.write(async (tx) => {
    tx.em.create(Delivery, {
      sourceId: sourceId as SourceId,
      kind: 'callback',
      lane: `lane ${status}`,
      status,
      attempt: 1,
      nextAt: at,
      createdAt: at,
      updatedAt: at,
    });
    await tx.em.flush();
  });
}

describe.each(databases)('on %s', (database) => {
  test('a scrape tells what came in, what waits and since when, what was not delivered, and how sources do', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { max_load: 1 });
    const busy = await madeSource(app, {}, { [ann.id]: 1 });
    const idle = await madeSource(app, { kind: 'webhook' });
    const off = await madeSource(app, { is_active: false });
    for (let n = 0; n < 3; n++) await madeContact(app, busy.id);
    for (const status of ['sent', 'failed', 'uncertain', 'uncertain'] as const)
      await hasDelivery(app, busy.id, status);

    // Taking over a source begins by itself, when the gateway hears of it.
    await expect.poll(async () => (await scrape(app)).get('leadgate_leases_held')).toBe(1);
    const found = await scrape(app);

    expect(Object.fromEntries(found)).toMatchObject({
      leadgate_database_up: 1,
      leadgate_intake_items_total: 3,
      leadgate_commit_seconds_count: 3,
      leadgate_intake_depth: 0,
      leadgate_dead_letters: 0,
      'leadgate_deliveries{state="queued"}': 0,
      'leadgate_deliveries{state="sending"}': 0,
      'leadgate_deliveries{state="failed"}': 1,
      'leadgate_deliveries{state="uncertain"}': 2,
      [`leadgate_waiting_contacts{source_id="${busy.id}"}`]: 2,
      [`leadgate_waiting_contacts{source_id="${idle.id}"}`]: 0,
      [`leadgate_waiting_oldest_seconds{source_id="${idle.id}"}`]: 0,
      [`leadgate_source_state{source_id="${busy.id}",state="running"}`]: 1,
      [`leadgate_source_state{source_id="${off.id}",state="stopped"}`]: 1,
      [`leadgate_http_requests_total{method="POST",route="/contacts",status="201"}`]: 3,
    });
    const oldest = found.get(`leadgate_waiting_oldest_seconds{source_id="${busy.id}"}`)!;
    expect(oldest).toBeGreaterThan(0);
    expect(oldest).toBeLessThan(60);
    expect(found.get('leadgate_feed_lag_seconds')).toBeGreaterThanOrEqual(0);
    expect(found.get('leadgate_feed_horizon_age_seconds')).toBeGreaterThanOrEqual(0);
  });

  test('a state that a source has left is not told any more', async () => {
    await using app = await startTestApp(database);
    const source = await madeSource(app);

    await scrape(app);
    await app.admin('PATCH', `/sources/${source.id}`, { body: { is_active: false } });
    const found = await scrape(app);

    const states = [...found.keys()].filter((name) => name.startsWith('leadgate_source_state'));
    expect(states).toEqual([`leadgate_source_state{source_id="${source.id}",state="stopped"}`]);
  });
});

test('an open console is a socket', async () => {
  await using app = await startTestApp('sqlite');

  using _ = await openConsole(app.url, ADMIN_TOKEN);

  expect((await scrape(app)).get('leadgate_sockets')).toBe(1);
});

test('a busy event loop shows in the next scrape, and in that one alone', async () => {
  await using app = await startTestApp('sqlite');
  const longest = async (): Promise<number> =>
    (await scrape(app)).get('leadgate_event_loop_delay_seconds{quantile="1"}')!;
  await longest();

  // Twice: the first sample after a scrape has none before it to be measured from.
  for (let n = 0; n < 2; n++) {
    const until = performance.now() + 300;
    while (performance.now() < until);
    await app.as(null)('GET', '//healthz');
  }
  const busy = await longest();
  const afterwards = await longest();

  expect(busy).toBeGreaterThan(0.2);
  expect(afterwards).toBeLessThan(busy);
});

test('every figure is explained in the guide', async () => {
  await using app = await startTestApp('sqlite');
  const { text } = await app.as(null)('GET', '//metrics');
  const guide = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');

  const own = [...text.matchAll(/^# TYPE (leadgate_\w+) /gm)].map(([, name]) => name!);

  expect(own.length).toBeGreaterThan(12);
  const explained = [...guide.matchAll(/`(leadgate_\w+)/g)].map(([, name]) => name!);
  expect(new Set(explained)).toEqual(new Set(own));
});
