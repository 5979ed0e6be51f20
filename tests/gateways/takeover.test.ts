import { setTimeout as pause } from 'node:timers/promises';
import { type ExpectStatic, test } from 'vitest';
import { type BotApi, startBotApi } from '../../src/demo/bot-api/start.ts';
import { freshDatabase } from '../support/desk.ts';
import type { Started } from '../support/gateway.ts';
import { mustCall, settingsOf, startGateways } from './support/gateways.ts';
import { type Office, openOffice, statusesOf, storedOf } from './support/office.ts';
import { say } from '../support/say.ts';

const FROZEN_MS = 60_000;
/** So many replies may be under way when a gateway is lost, and nobody knows what became of them. */
const UNCERTAIN = 3;
// A gateway tells the others every few seconds how its bots do.
const PATIENT = { timeout: 20_000 };

/** Which of the gateways serves a source, as another one tells it. */
async function servedBy(asked: Started, sourceId: number): Promise<string> {
  const { gateway, state } = await mustCall(asked, 'GET', `/sources/${sourceId}/health`);
  return state === 'running' ? String(gateway) : '';
}

/** Which of the gateways it is: it says its name when it takes something over. */
async function namesOf(gateways: readonly Started[]): Promise<string[]> {
  const lines = await Promise.all(gateways.map((gateway) => gateway.says(/"gateway":"/)));
  return lines.map((line) => (JSON.parse(line) as { gateway: string }).gateway);
}

type Two = AsyncDisposable & {
  databaseUrl: string;
  api: BotApi;
  office: Office;
  /** The gateway that serves the first bot. */
  victim: Started;
  survivor: Started;
  /** The name of the victim. */
  lost: string;
};

/** Two gateways on one database that share the bots of an office at work. */
async function openTwo(expect: ExpectStatic): Promise<Two> {
  await using opening = new AsyncDisposableStack();
  const database = opening.use(await freshDatabase('postgresql'));
  const api = opening.use(await startBotApi());
  const { all } = opening.use(await startGateways(2, settingsOf(database, api)));
  const office = await openOffice(all[0]!, api, 4);
  const names = await namesOf(all);
  await office.round(all);
  await expect.poll(() => servedBy(all[0]!, office.bots[0]!.id), PATIENT).not.toBe('');
  const lost = await servedBy(all[0]!, office.bots[0]!.id);
  const [victim, survivor] = names[0] === lost ? all : all.toReversed();
  const opened = opening.move();
  return {
    databaseUrl: database.url,
    api,
    office,
    victim: victim!,
    survivor: survivor!,
    lost,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Customers write and the operator answers until the survivor serves the bot; answers in how many seconds. */
async function worksUntilTakenOver(expect: ExpectStatic, { office, survivor, lost }: Two): Promise<number> {
  const began = performance.now();
  const serving = async (): Promise<string> => {
    await office.round([survivor]);
    return servedBy(survivor, office.bots[0]!.id);
  };
  // Customers take a breath between two lines.
  await expect
    .poll(serving, { timeout: 60_000, interval: 100 })
    .toSatisfy((name) => name !== '' && name !== lost);
  return (performance.now() - began) / 1000;
}

/** Everything that was written is stored once and in order; everything replied went out once, or nobody knows. */
async function nothingLostOrDoubled(expect: ExpectStatic, { office, api, databaseUrl }: Two): Promise<void> {
  await office.allConfirmed(expect);
  for (const { id } of office.bots) {
    const [stored, written] = [await storedOf(databaseUrl, id), office.written.get(id)!];
    expect(stored.toSorted()).toEqual(written.toSorted());
    for (const chat of new Set(written.map((one) => one.split(':')[0]))) {
      const inOrder = (ids: string[]): string[] => ids.filter((one) => one.startsWith(`${chat}:`));
      expect(inOrder(stored)).toEqual(inOrder(written));
    }
  }
  const ids = office.replied.map(({ messageId }) => messageId);
  await expect
    .poll(async () => [...(await statusesOf(databaseUrl, ids)).values()].filter(isUnfinished).length, {
      timeout: 60_000,
    })
    .toBe(0);
  const statuses = await statusesOf(databaseUrl, ids);
  for (const { messageId, text } of office.replied) {
    const arrived = api.sent.filter((sent) => sent.text === text).length;
    if (statuses.get(messageId) === 'uncertain') expect(arrived).toBeLessThanOrEqual(1);
    else expect([statuses.get(messageId), arrived]).toEqual(['sent', 1]);
  }
  const uncertain = [...statuses.values()].filter((status) => status === 'uncertain');
  expect(uncertain.length).toBeLessThanOrEqual(UNCERTAIN);
  expect(office.replied.length).toBeGreaterThan(20);
}

const isUnfinished = (status: string): boolean => status === 'queued' || status === 'sending';

// Side by side: most of the time they wait for leases to end.
test.concurrent(
  'the bots of a gateway that is killed under load go on at another one, nothing lost or doubled',
  {
    timeout: 180_000,
  },
  async ({ expect }) => {
    await using two = await openTwo(expect);
    const { office, victim, survivor } = two;

    await office.round([victim, survivor]);
    await victim.kill();
    const seconds = await worksUntilTakenOver(expect, two);

    say(`a killed gateway's bot is taken over after ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(30);
    await nothingLostOrDoubled(expect, two);
  },
);

test.concurrent(
  'a gateway that was frozen for a minute and wakes writes nothing of what it serves no more',
  {
    timeout: 240_000,
  },
  async ({ expect }) => {
    await using two = await openTwo(expect);
    const { api, office, victim, survivor } = two;
    await office.allConfirmed(expect);

    // A reply of its is under way when it freezes: whatever becomes of it, the woken gateway has something to write.
    const bot = office.bots[0]!;
    api.failNext('sendMessage', { token: bot.token, hang: true });
    const isUnderWay = api.waitForCall(
      ({ method, token, params }) =>
        method === 'sendMessage' && token === bot.token && params['text'] === 'the last words',
    );
    const last = await office.reply(bot.id, survivor, 'the last words');
    await isUnderWay;
    const frozenSince = performance.now();
    victim.child.kill('SIGSTOP');
    // Whatever comes out: a frozen process does not end.
    using _ = { [Symbol.dispose]: () => void victim.child.kill('SIGCONT') };
    const seconds = await worksUntilTakenOver(expect, two);
    // How long it is frozen is what is tried here.
    await pause(FROZEN_MS - (performance.now() - frozenSince));
    victim.child.kill('SIGCONT');
    const refused = await victim.says(/another gateway sends for this source now/);
    await victim.says(/other gateways have taken over sources/);
    for (let n = 0; n < 5; n++) await office.round([survivor, victim]);

    say(`a frozen gateway's bot is taken over after ${seconds.toFixed(1)} s; awake it says: ${refused}`);
    expect(seconds).toBeLessThan(30);
    expect((await statusesOf(two.databaseUrl, [last])).get(last)).toBe('uncertain');
    await nothingLostOrDoubled(expect, two);
  },
);
