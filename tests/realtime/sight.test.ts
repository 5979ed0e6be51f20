import { describe, expect, test } from 'vitest';
import { setOperatorWeight } from '../../src/desk/set-operator-weight.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  waits,
} from '../support/desk.ts';
import { openConsole, serveRealtime } from './console.ts';

describe.each(databases)('on %s', (database) => {
  test('whoever loses a source sees its queue leave, and whoever gains one sees what waits there', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const [here, there] = [await hasSource(desk), await hasSource(desk)];
    const ann = await hasOperator(desk, { maxLoad: 1, on: { [here]: 1 } });
    await opens(desk, here, 'full');
    const [leaving, coming] = [await waits(desk, here, 'a'), await waits(desk, there, 'b')];
    using console = await openConsole(realtime.url, realtime.admit(actingAs(ann)));
    await console.subscribe(null);

    await setOperatorWeight(desk, admin, ann, { source_id: there, weight: 1 });
    const gained = await console.hears(
      ({ type, data }) => type === 'contact.waiting' && data.id === coming.id,
    );
    await setOperatorWeight(desk, admin, ann, { source_id: here, weight: 0 });
    const lost = await console.hears(({ type, data }) => type === 'contact.left' && data.id === leaving.id);

    expect(gained.data).toMatchObject({ id: coming.id, version: coming.version, status: 'waiting' });
    expect(lost.data).toEqual({ id: leaving.id, version: leaving.version, to: null });
  });

  test('whoever was away while sources changed starts anew', async () => {
    await using desk = await openTestDesk(database);
    await using realtime = await serveRealtime(desk);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { maxLoad: 0, on: { [source]: 1 } });
    await waits(desk, source, 'a');
    // Whoever else writes in the same server holds the feed back for a moment.
    const newest = async (): Promise<string | undefined> =>
      (await desk.store.feed.after('0.0', 100))!.at(-1)?.type;
    await expect.poll(newest, { timeout: 10_000 }).toBe('contact.waiting');
    using before = await openConsole(realtime.url, realtime.admit(actingAs(ann)));
    const { cursor } = await before.subscribe(null);
    before.socket.disconnect();

    await setOperatorWeight(desk, admin, ann, { source_id: source, weight: 0 });
    await expect.poll(newest, { timeout: 10_000 }).toBe('source.updated');
    using after = await openConsole(realtime.url, realtime.admit(actingAs(ann)));

    expect(await after.subscribe(cursor)).toMatchObject({ snapshot: { counts: { queue: 0 }, contacts: [] } });
  });
});
