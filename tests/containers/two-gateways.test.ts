import { expect, test } from 'vitest';
import type { GatewayEvent } from '../../src/contract/event.ts';
import { compareCursors } from '../../src/store/feed.ts';
import { loadsOf, openTestDesk } from '../support/desk.ts';
import { type Follower, follow } from './support/follower.ts';
import { ADMIN_TOKEN, type Half, type Pair, startPair } from './support/pair.ts';
import { Stream } from './support/stream.ts';

/** A source with operators of these caps. */
async function furnish({ call }: Pair, caps: number[]): Promise<number> {
  const source = await call<{ id: number }>('POST', '/sources', { name: 'Site', code: 'site' });
  for (const [index, max_load] of caps.entries()) {
    const { id } = await call<{ id: number }>('POST', '/operators', { name: `Operator ${index}`, max_load });
    await call('POST', `/operators/${id}/weights`, { source_id: source.id, weight: 1 + index });
  }
  return source.id;
}

async function holderOfSocket({ halves }: Pair): Promise<[holder: Half, other: Half]> {
  const sockets = await Promise.all(halves.map((half) => half.figure('leadgate_sockets')));
  expect(sockets.toSorted((a, b) => a - b)).toEqual([0, 1]);
  return sockets[0] === 1 ? [halves[0], halves[1]] : [halves[1], halves[0]];
}

function opened(follower: Follower): number[] {
  const created = follower.heard.filter(
    (event): event is Extract<GatewayEvent, { type: 'contact.created' }> => event.type === 'contact.created',
  );
  return created.map((event) => event.data.id);
}

/** Events that were told after one that comes later, or twice: by cursor, with the one before. */
function outOfOrder({ heard }: Follower): string[] {
  return heard.flatMap((event, index) => {
    const before = heard[index - 1];
    const isBehind = before === undefined || compareCursors(before.cursor, event.cursor) < 0;
    return isBehind ? [] : [`${event.type} ${event.cursor} behind ${before.cursor}`];
  });
}

test('requests are shared between the gateways, and the figures of neither are shown to the world', async () => {
  await using pair = await startPair();

  for (let n = 0; n < 20; n++) await pair.call('GET', '/operators');

  for (const half of pair.halves)
    expect(await half.figure('leadgate_http_requests_total')).toBeGreaterThanOrEqual(8);
  for (const path of ['/metrics', '/metrics/', '/%6detrics'])
    expect((await fetch(pair.url + path)).status, path).toBe(404);
});

test('an answer carries one request id through both: that of the caller, else the one of nginx', async () => {
  await using pair = await startPair();

  const named = await fetch(`${pair.url}/healthz`, { headers: { 'x-request-id': 'a-call-of-mine' } });
  const nameless = await fetch(`${pair.url}/healthz`);

  expect(named.headers.get('x-request-id')).toBe('a-call-of-mine');
  expect(nameless.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
});

test('a console at one gateway hears of a contact that was opened at the other', async () => {
  await using pair = await startPair();
  const source = await furnish(pair, [5]);
  using console = await follow(pair.url, ADMIN_TOKEN);
  const [, other] = await holderOfSocket(pair);

  const { id } = await pair.call<{ id: number }>(
    'POST',
    '/contacts',
    { external_id: 'ann', source_id: source },
    other,
  );
  await console.until(() => opened(console).includes(id));

  expect(opened(console)).toEqual([id]);
});

test('a console that can only poll stays with one gateway', async () => {
  await using pair = await startPair();
  const source = await furnish(pair, [5]);

  using console = await follow(pair.url, ADMIN_TOKEN, 'polling');
  const body = { external_id: 'ann', source_id: source };
  const { id } = await pair.call<{ id: number }>('POST', '/contacts', body);
  await console.until(() => opened(console).includes(id));

  expect(console).toMatchObject({ connections: 1, failures: 0 });
});

test('a gateway dies: requests go on at the other, and a console misses nothing', async () => {
  await using pair = await startPair();
  const source = await furnish(pair, [20, 30]);
  using console = await follow(pair.url, ADMIN_TOKEN);
  const [holder] = await holderOfSocket(pair);
  const stream = new Stream(pair.url, source);

  await stream.more(50);
  await holder.kill();
  await stream.more(100);
  await stream.end();
  const ids = [...stream.acked.values()];
  await console.until(() => new Set(ids).isSubsetOf(new Set(opened(console))));

  expect(console).toMatchObject({ connections: 2, snapshots: 1 });
  expect(opened(console).toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
  expect(outOfOrder(console)).toEqual([]);
});

test('both gateways are replaced one after the other under load: nothing is lost, doubled or over a cap', async () => {
  await using pair = await startPair();
  const source = await furnish(pair, [10, 20, 40]);
  using console = await follow(pair.url, ADMIN_TOKEN);
  const stream = new Stream(pair.url, source);

  const codes: (number | null)[] = [];
  for (const half of pair.halves) {
    await stream.more(50);
    codes.push(await half.stop());
    await stream.more(50);
    await half.start();
  }
  await stream.more(50);
  await stream.end();
  const ids = [...stream.acked.values()];
  await console.until(() => new Set(ids).isSubsetOf(new Set(opened(console))));
  for (const half of pair.halves) await half.stop();

  expect(codes).toEqual([0, 0]);
  expect(outOfOrder(console)).toEqual([]);
  expect(console.snapshots).toBe(1);
  await using desk = await openTestDesk('postgresql', { url: pair.databaseUrl });
  const stored: { id: string }[] = await desk.store.em().execute('select id from contact order by id');
  expect(stored.map(({ id }) => Number(id))).toEqual(ids.toSorted((a, b) => a - b));
  for (const { load, counted, maxLoad } of await loadsOf(desk)) {
    expect(load).toBe(counted);
    expect(load).toBeLessThanOrEqual(maxLoad);
  }
});
