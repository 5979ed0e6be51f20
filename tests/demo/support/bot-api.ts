import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Update } from 'grammy/types';
import { type BotApi, type BotApiOptions, startBotApi } from '../../../src/demo/bot-api/start.ts';

export const token = '700000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

export type Answer<T> = {
  ok: boolean;
  result: T;
  error_code: number;
  description: string;
  parameters?: object;
};

/** Calls a method as a bot does; a FormData goes as a form. */
export async function call<T = unknown>(
  api: BotApi,
  method: string,
  params: object = {},
  options: { token?: string; signal?: AbortSignal } = {},
): Promise<Answer<T>> {
  const isForm = params instanceof FormData;
  const response = await fetch(`${api.url}/bot${options.token ?? token}/${method}`, {
    method: 'POST',
    ...(!isForm && { headers: { 'content-type': 'application/json' } }),
    body: isForm ? params : JSON.stringify(params),
    ...(options.signal && { signal: options.signal }),
  });
  return (await response.json()) as Answer<T>;
}

/** A form with a file of so many bytes under this name. */
export function formWith(field: string, bytes: Uint8Array<ArrayBuffer>, more: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(more)) form.set(name, value);
  form.set(field, new File([bytes], `${field}.bin`));
  return form;
}

export async function startWithBot(options?: BotApiOptions): Promise<BotApi> {
  const api = await startBotApi(options);
  api.addBot({ token, username: 'shop_bot' });
  return api;
}

/** Answers the statuses one after the other, then `last` for ever; a chat of `refuses` gets 500. */
export async function startReceiver(statuses: number[], last = 200, refuses = new Set<number>()) {
  const taken: Update[] = [];
  const secrets = new Set<unknown>();
  const asked: { chat: number | undefined; at: number }[] = [];
  let waiting: (() => void)[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const update = JSON.parse(await textOf(request)) as Update;
    const chat = update.message?.chat.id;
    const status = chat !== undefined && refuses.has(chat) ? 500 : (statuses.shift() ?? last);
    secrets.add(request.headers['x-telegram-bot-api-secret-token']);
    asked.push({ chat, at: performance.now() });
    if (status === 200) taken.push(update);
    response.writeHead(status).end();
    response.once('finish', () => {
      for (const wake of waiting) wake();
      waiting = [];
    });
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const until = async (isDone: () => boolean) => {
    while (!isDone()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    taken,
    asked,
    secrets,
    took: (times: number) => until(() => taken.length >= times),
    wasAsked: (times: number) => until(() => asked.length >= times),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
