import { expect, test } from 'vitest';
import { startBotApi } from '../../src/demo/bot-api/start.ts';
import { telegramRates } from '../../src/bots/turns.ts';
import { hasOperator, openTestDesk, writes } from '../support/desk.ts';
import { hasBot, tokenOf } from './support/bots.ts';
import { replies, startSending } from './support/outbox.ts';
import { say } from '../support/say.ts';

const CHATS = 1000;
// A chat takes one a second: all thousand of them are a quarter of an hour, which the long form takes.
const IN_ONE_CHAT = process.env['LONG'] === '1' ? 1000 : 50;

test(
  'replies to a thousand chats and many to one chat keep within the limits, at 20 a second and more',
  {
    timeout: 1_200_000,
  },
  async () => {
    await using desk = await openTestDesk('sqlite');
    await using api = await startBotApi({ limits: true });
    const [wide, deep] = [tokenOf(1), tokenOf(2)];
    const wideSource = await hasBot(desk, api, { token: wide });
    const deepSource = await hasBot(desk, api, { token: deep });
    await hasOperator(desk, { maxLoad: CHATS + 1, on: { [wideSource.id]: 1, [deepSource.id]: 1 } });
    for (let n = 1; n <= CHATS; n++) {
      const { message_id: id } = api.customer(wide, { id: n }).writes('hello');
      const words = { externalId: `${n}:${id}`, chat: String(n) };
      const { contactId } = await writes(desk, wideSource.id, `tg:${n}`, words);
      await replies(desk, contactId!, `to chat ${n}`);
    }
    const { message_id: id } = api.customer(deep, { id: 1 }).writes('hello');
    const words = { externalId: `1:${id}`, chat: '1' };
    const { contactId } = await writes(desk, deepSource.id, 'tg:1', words);
    for (let n = 1; n <= IN_ONE_CHAT; n++) await replies(desk, contactId!, `line ${n}`);

    const [wideSent, deepSent] = [counts(api, wide, CHATS), counts(api, deep, IN_ONE_CHAT)];
    const began = performance.now();
    await using _ = await startSending(desk, api, { rates: telegramRates, lookEveryMs: 5000 });
    await wideSent;
    const seconds = (performance.now() - began) / 1000;
    await deepSent;

    expect(api.violations).toEqual([]);
    const inOrder = api.sent.filter(({ token }) => token === deep).map(({ text }) => text);
    expect(inOrder).toEqual(Array.from({ length: IN_ONE_CHAT }, (__, n) => `line ${n + 1}`));
    expect(new Set(api.sent.map(({ text }) => text)).size).toBe(CHATS + IN_ONE_CHAT);
    say(`${CHATS} chats in ${seconds.toFixed(1)} s: ${(CHATS / seconds).toFixed(1)} a second`);
    expect(CHATS / seconds).toBeGreaterThan(20);
  },
);

/** Resolves when a bot has sent so many. */
function counts(api: Awaited<ReturnType<typeof startBotApi>>, token: string, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let sent = 0;
  api.follow((one) => {
    if (one.token === token && ++sent === count) resolve();
  });
  return promise;
}
