import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Bot, type BotTraits, createBot, type StoredUpdate } from './bot.ts';
import { createCustomer, type Customer, type Person } from './customer.ts';
import { type Fault, isAfterwards, openFaults, playFault } from './faults.ts';
import { createGroup, type Group } from './group.ts';
import { openJournal } from './journal.ts';
import { openLimits, type Violation } from './limits.ts';
import { callMethod } from './methods.ts';
import { readParams } from './params.ts';
import { pushUpdate } from './queue.ts';
import { failureOf, Refusal } from './refusal.ts';
import type { Sent } from './send.ts';

/** A call of the API as it came; `params` are there even when a fault was played instead. */
export type Called = { token: string; method: string; params: Record<string, unknown>; at: Date };

/**
 * A stand-in for Telegram's Bot API: real HTTP on loopback, Telegram's words, faults on demand. `GET /sent` tells a
 * person what bots have sent.
 */
export type BotApi = AsyncDisposable & {
  /** What a gateway takes as its API root. */
  readonly url: string;
  addBot(bot: BotTraits): void;
  /** From now on the token is unknown: 401. */
  removeBot(token: string): void;
  /** BotFather made a new token: the bot and what waits for it stay, the old token is unknown. */
  renewToken(token: string, fresh: string): void;
  customer(botToken: string, person: Person): Customer;
  group(botToken: string, group: { id: number; title: string }): Group;
  /** Puts an update of any kind in the bot's queue, asked for or not; `update_id` may be given. */
  pushUpdate(botToken: string, update: Record<string, unknown>): StoredUpdate;
  addFile(botToken: string, file: { id: string; path: string; bytes: Uint8Array }): void;
  /** Makes the next calls of the method (`*`: any) go wrong. */
  failNext(method: string, fault: Fault): void;
  clearFaults(): void;
  /** The updates that the bot has not confirmed. */
  pendingUpdates(botToken: string): readonly StoredUpdate[];
  /** Whether a `getUpdates` of the bot is waiting now. */
  isPolled(botToken: string): boolean;
  /** Everything that bots sent, in order: the truth to compare with. */
  readonly sent: readonly Sent[];
  waitForSent(matches: (sent: Sent) => boolean): Promise<Sent>;
  /** Tells of everything that bots send from now on. */
  follow(listener: (sent: Sent) => void): void;
  readonly calls: readonly Called[];
  waitForCall(matches: (called: Called) => boolean): Promise<Called>;
  /** The messages that came faster than the limits allow; empty unless started with `limits`. */
  readonly violations: readonly Violation[];
};

export type BotApiOptions = {
  /** 0, the default, takes a free one. */
  port?: number;
  /** The sender's first wait after a failure; it doubles. */
  webhookRetryMs?: number;
  /** Answers 429 to more than a message a second in a chat (three at once) or 30 a second of a bot. */
  limits?: boolean;
};

/** Starts the stand-in on 127.0.0.1. */
export async function startBotApi(options: BotApiOptions = {}): Promise<BotApi> {
  const bots = new Map<string, Bot>();
  const sent = openJournal<Sent>();
  const calls = openJournal<Called>();
  const faults = openFaults();
  const limits = options.limits === true ? openLimits() : null;
  const webhookRetryMs = options.webhookRetryMs ?? 500;

  async function answerCall(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const path = /^\/bot([^/]+)\/(?:test\/)?([^/]+)$/.exec(url.pathname);
    if (path === null) throw new Refusal(404, 'Not Found');
    const [, token = '', method = ''] = path;
    const params = await readParams(request, url.searchParams);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    calls.add({ token, method, params, at: new Date() });
    const fault = faults.take(method, token);
    if (fault !== null && !isAfterwards(fault)) return playFault(fault, response, null);
    const bot = bots.get(token);
    if (bot === undefined) throw new Refusal(401, 'Unauthorized');
    const call = { bot, params, sent, limits, webhookRetryMs, gone: gone.signal };
    const body = JSON.stringify({ ok: true, result: await callMethod(method, call) });
    if (fault !== null) return playFault(fault, response, body);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.destroyed || response.headersSent) return;
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'Internal Server Error');
      response.writeHead(refusal.status, { 'content-type': 'application/json' }).end(failureOf(refusal));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/file/') === true) answerFile(bots, request.url, response);
    else if (request.url === '/sent') answerSent(bots, sent.entries, response);
    else await answerCall(request, response);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  function botOf(token: string): Bot {
    const bot = bots.get(token);
    if (bot === undefined) throw new Error('no such bot in the stand-in: call addBot first');
    return bot;
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    addBot: (bot) => void bots.set(bot.token, createBot(bot)),
    removeBot(token) {
      botOf(token).webhook?.stop();
      botOf(token).poll?.refuse(new Refusal(401, 'Unauthorized'));
      bots.delete(token);
    },
    renewToken(token, fresh) {
      const bot = botOf(token);
      bot.poll?.refuse(new Refusal(401, 'Unauthorized'));
      bots.delete(token);
      bot.token = fresh;
      bots.set(fresh, bot);
    },
    customer: (botToken, person) => createCustomer(botOf(botToken), person),
    group: (botToken, group) => createGroup(botOf(botToken), group),
    pushUpdate: (botToken, update) => pushUpdate(botOf(botToken), update),
    addFile: (botToken, file) => void botOf(botToken).files.set(file.id, file),
    failNext: (method, fault) => faults.add(method, fault),
    clearFaults: () => faults.clear(),
    pendingUpdates: (botToken) => botOf(botToken).updates,
    isPolled: (botToken) => botOf(botToken).poll !== null,
    sent: sent.entries,
    waitForSent: (matches) => sent.first(matches),
    follow: (listener) => sent.follow(listener),
    calls: calls.entries,
    waitForCall: (matches) => calls.first(matches),
    violations: limits?.violations ?? [],
    async [Symbol.asyncDispose]() {
      for (const bot of bots.values()) bot.webhook?.stop();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

function answerFile(bots: ReadonlyMap<string, Bot>, url: string, response: ServerResponse): void {
  const [, token = '', path = ''] = /^\/file\/bot([^/]+)\/(.+)$/.exec(url) ?? [];
  const files = [...(bots.get(token)?.files.values() ?? [])];
  const file = files.find((one) => one.path === decodeURIComponent(path));
  if (file === undefined) throw new Refusal(404, 'Not Found');
  response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
}

/** The newest of what bots sent, without their tokens. */
function answerSent(bots: ReadonlyMap<string, Bot>, sent: readonly Sent[], response: ServerResponse): void {
  const items = sent.slice(-200).map(({ token, method, chatId, text, at }) => ({
    bot: bots.get(token)?.me.username ?? null,
    method,
    chat_id: chatId,
    text,
    at: at.toISOString(),
  }));
  response
    .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify({ items }));
}
