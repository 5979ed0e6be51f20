import { setTimeout as pause } from 'node:timers/promises';
import { type BotApi, startBotApi } from '../../src/demo/bot-api/start.ts';

// The stand-in in a process of its own, so that its work is not counted as the gateway's. Told `tokens` it starts and
// answers its address; told `awaited` it answers when every bot is polled, or has set its webhook. Ends with its parent.

type Told = { tokens: string[] } | { awaited: 'polling' | 'webhook' };

let tokens: string[] = [];
let api: BotApi | undefined;

process.on('message', (told: Told) => void answer(told));
process.once('disconnect', () => void api?.[Symbol.asyncDispose]());

async function answer(told: Told): Promise<void> {
  if ('tokens' in told) {
    ({ tokens } = told);
    api = await startBotApi();
    for (const [n, token] of tokens.entries()) api.addBot({ token, username: `bench_${n}_bot` });
    process.send!({ url: api.url });
    return;
  }
  const isRunning = told.awaited === 'polling' ? arePolled : haveWebhooks;
  while (!isRunning(api!)) await pause(5);
  process.send!({});
}

function arePolled(running: BotApi): boolean {
  return tokens.every((token) => running.isPolled(token));
}

function haveWebhooks(running: BotApi): boolean {
  const set = running.calls.filter(({ method }) => method === 'setWebhook');
  return new Set(set.map(({ token }) => token)).size === tokens.length;
}
