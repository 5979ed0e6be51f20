import { describe, expect, test } from 'vitest';
import { setPresence } from '../../src/desk/set-presence.ts';
import { openPresence } from '../../src/realtime/presence.ts';
import { nextEvent } from '../bots/support/bots.ts';
import { databases, hasOperator, openTestDesk } from '../support/desk.ts';

describe.each(databases)('on %s', (database) => {
  test('whoever others took for gone is online again while its console is open', async () => {
    await using desk = await openTestDesk(database);
    const ann = await hasOperator(desk);
    const becomes = (presence: string) =>
      nextEvent(desk, ({ data }) => data.id === ann && 'presence' in data && data.presence === presence);
    const book = openPresence(desk, desk.log, 'here', { againMs: 10 });
    const online = becomes('online');
    book.arrived(ann);
    await online;

    const [gone, back] = [becomes('offline'), becomes('online')];
    await setPresence(desk, { operatorId: ann, gateway: 'here', isOnline: false });
    await gone;

    expect((await back).data).toMatchObject({ id: ann, presence: 'online' });
    book.stop();
    await desk.drains.idle();
  });
});
