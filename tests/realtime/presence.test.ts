import { describe, expect, test } from 'vitest';
import { setPresence } from '../../src/desk/set-presence.ts';
import { openPresence } from '../../src/realtime/presence.ts';
import { Operator } from '../../src/store/entities/operator.ts';
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
    await book.stop();
    await desk.drains.idle();
  });

  test('a leave that could not be noted is noted later, unless the operator is back by then', async () => {
    await using desk = await openTestDesk(database);
    const [ann, bob] = [
      await hasOperator(desk, { isOnline: true }),
      await hasOperator(desk, { isOnline: true }),
    ];
    const failed = Promise.withResolvers<void>();
    let failures = 0;
    let isBroken = true;
    const write: typeof desk.store.write = (work) => {
      if (!isBroken) return desk.store.write(work);
      if (++failures === 2) failed.resolve();
      return Promise.reject(new Error('no connection'));
    };
    const offline = nextEvent(desk, ({ data }) => 'presence' in data && data.presence === 'offline');
    const book = openPresence({ ...desk, store: { ...desk.store, write } }, desk.log, 'here', {
      graceMs: 0,
      againMs: 20,
    });
    for (const operator of [ann, bob]) {
      book.arrived(operator);
      book.left(operator);
    }

    await failed.promise;
    book.arrived(bob);
    isBroken = false;
    const told = await offline;
    await book.stop();
    await desk.drains.idle();

    expect(told.data).toMatchObject({ id: ann });
    const online = await desk.store.em().find(Operator, { isOnline: true });
    expect(online.map(({ id }) => id)).toEqual([bob]);
  });
});
