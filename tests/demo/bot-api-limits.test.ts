import { expect, test } from 'vitest';
import { openLimits } from '../../src/demo/bot-api/limits.ts';
import { call, startWithBot, token } from './support/bot-api.ts';

test('three messages at once go into a chat, the next one is told to wait, and other chats are not', async () => {
  await using api = await startWithBot({ limits: true });
  for (const id of [1, 2]) api.customer(token, { id }).writes('hello');
  const send = (chat_id: number) => call(api, 'sendMessage', { chat_id, text: 'x' });

  const answers = [await send(1), await send(1), await send(1), await send(1)];
  const elsewhere = await send(2);

  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, false]);
  expect(answers[3]).toMatchObject({
    error_code: 429,
    description: 'Too Many Requests: retry after 1',
    parameters: { retry_after: 1 },
  });
  expect(elsewhere.ok).toBe(true);
  expect(api.violations).toEqual([{ token, chat: '1', at: expect.any(Date) }]);
});

test('what is no message is not counted, and nothing is where nobody asked for limits', async () => {
  await using strict = await startWithBot({ limits: true });
  await using lenient = await startWithBot();
  for (const api of [strict, lenient]) api.customer(token, { id: 1 }).writes('hello');

  for (let i = 0; i < 10; i += 1) {
    await call(strict, 'sendChatAction', { chat_id: 1, action: 'typing' });
    await call(lenient, 'sendMessage', { chat_id: 1, text: 'x' });
  }

  expect(strict.violations).toEqual([]);
  expect(lenient.violations).toEqual([]);
  expect(lenient.sent).toHaveLength(10);
});

test('a message a second in a chat is never too fast, even when it comes half a second early', () => {
  let now = 0;
  const limits = openLimits(() => now);
  const admitted = (at: number) => {
    now = at;
    return limits.admit('bot', 'chat');
  };

  const burst = [admitted(0), admitted(0), admitted(0)];
  const paced = Array.from({ length: 20 }, (_, index) => admitted((index + 1) * 1000));
  const early = admitted(20_500);
  const tooEarly = admitted(20_600);

  expect([...burst, ...paced, early].filter((wait) => wait > 0)).toEqual([]);
  expect(tooEarly).toBe(2);
  expect(limits.violations).toHaveLength(1);
});

test('a bot that sends 30 messages a second goes on, one that sends 40 is told to wait', () => {
  for (const [perSecond, isTooFast] of [
    [30, false],
    [40, true],
  ] as const) {
    let now = 0;
    const limits = openLimits(() => now);
    for (let sent = 0; sent < perSecond * 10; sent += 1) {
      now = (sent * 1000) / perSecond;
      limits.admit('bot', `chat ${sent}`);
    }

    expect(limits.violations.length > 0).toBe(isTooFast);
  }
});
