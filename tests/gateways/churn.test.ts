import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'vitest';
import { type BotApi, startBotApi } from '../../src/demo/bot-api/start.ts';
import type { Customer } from '../../src/demo/bot-api/customer.ts';
import { type Database, freshDatabase } from '../support/desk.ts';
import { freePort } from '../support/free-port.ts';
import type { Started } from '../support/gateway.ts';
import { say } from '../support/say.ts';
import { seeded } from '../store/ground.ts';
import { mustCall, settingsOf, startGateways } from './support/gateways.ts';

const SOURCES = 200;
const CHANGING = 100;
/** Answers nobody: connections are refused. */
const NOWHERE = 'http://127.0.0.1:1';

/** A bot, and how it is set up at the moment. */
type Bot = {
  id: number;
  token: string;
  isActive: boolean;
  mode: 'polling' | 'webhook';
  apiRoot: 'default' | 'other' | 'nowhere';
  /** BotFather made a new token that the gateway has not been told. */
  isRevoked: boolean;
  customer: Customer;
  /** The ids under which what was written is stored. */
  written: string[];
};

type Draw = (below: number) => number;

function drawing(seed: number): Draw {
  const draw = seeded(seed);
  return (below) => Math.floor(draw() * below);
}

async function addBots(gateway: Started, api: BotApi): Promise<Bot[]> {
  const bots: Bot[] = [];
  for (let n = 0; n < SOURCES; n++) {
    const token = `${820_000_000 + n}:${'c'.repeat(35)}`;
    api.addBot({ token, username: `churn_${n}_bot` });
    const mode = n % 2 === 0 ? 'polling' : 'webhook';
    const body = { name: `Bot ${n}`, code: `bot-${n}`, kind: 'telegram', telegram: { token, mode } };
    const { id } = await mustCall(gateway, 'POST', '/sources', { body });
    const customer = api.customer(token, { id: 6_000_000_000 + n });
    const start = { id: Number(id), isActive: true, apiRoot: 'default' as const, isRevoked: false };
    bots.push({ ...start, token, mode, customer, written: [] });
  }
  return bots;
}

/** Changes one bot in one of its settings, or all back to what works. */
class Churn {
  readonly #api: BotApi;
  readonly #gateways: readonly Started[];
  #renewals = 0;
  changes = 0;

  constructor(api: BotApi, gateways: readonly Started[]) {
    this.#api = api;
    this.#gateways = gateways;
  }

  async change(bot: Bot, draw: Draw): Promise<void> {
    this.changes += 1;
    switch (draw(6)) {
      case 0:
        bot.isActive = !bot.isActive;
        return this.#patch(bot, { is_active: bot.isActive });
      case 1:
        bot.mode = bot.mode === 'polling' ? 'webhook' : 'polling';
        return this.#patch(bot, { telegram: { mode: bot.mode } });
      case 2:
        bot.apiRoot = (['default', 'other', 'nowhere'] as const)[draw(3)]!;
        return this.#patch(bot, { telegram: { api_root: this.#rootOf(bot) } });
      case 3:
        return this.#patch(bot, { greeting: `Hello ${this.changes}` });
      case 4:
        this.#revoke(bot);
        return undefined;
      default:
        return this.#tellToken(bot);
    }
  }

  async heal(bot: Bot): Promise<void> {
    bot.isActive = true;
    bot.apiRoot = 'default';
    await this.#patch(bot, { is_active: true, telegram: { api_root: null } });
    await this.#tellToken(bot);
  }

  #revoke(bot: Bot): void {
    const fresh = `${bot.token.split(':')[0]}:${String(++this.#renewals).padStart(35, 'r')}`;
    this.#api.renewToken(bot.token, fresh);
    bot.token = fresh;
    bot.isRevoked = true;
  }

  async #tellToken(bot: Bot): Promise<void> {
    if (!bot.isRevoked) return;
    bot.isRevoked = false;
    await this.#patch(bot, { telegram: { token: bot.token } });
  }

  async #patch({ id }: Bot, body: object): Promise<void> {
    const gateway = this.#gateways[this.changes % this.#gateways.length]!;
    await mustCall(gateway, 'PATCH', `/sources/${id}`, { body });
  }

  #rootOf({ apiRoot }: Bot): string | null {
    if (apiRoot === 'default') return null;
    return apiRoot === 'other' ? this.#api.url.replace('127.0.0.1', 'localhost') : NOWHERE;
  }
}

function stateOf({ isActive, apiRoot, isRevoked }: Bot): string {
  if (!isActive) return 'stopped';
  if (apiRoot === 'nowhere') return 'unreachable';
  return isRevoked ? 'unauthorized' : 'running';
}

async function storedIn(gateway: Started, bot: Bot): Promise<string[]> {
  const list = await mustCall(gateway, 'GET', `/contacts?source_id=${bot.id}`);
  const [contact] = list['items'] as { id: number }[];
  if (contact === undefined) return [];
  const ids: string[] = [];
  for (let before = ''; ;) {
    const page = await mustCall(gateway, 'GET', `/contacts/${contact.id}/messages?limit=200${before}`);
    const items = page['items'] as { id: number; author: string; external_id: string }[];
    ids.push(...items.filter(({ author }) => author === 'lead').map((item) => item.external_id));
    if (items.length < 200) return ids.toReversed();
    before = `&before=${items.at(-1)!.id}`;
  }
}

// Side by side: most of a minute each of them waits for Telegram's webhook to be looked at.
test.concurrent.for([
  ['sqlite', 1, 60_000],
  ['postgresql', 2, 30_000],
] as [Database, number, number][])(
  'of 200 bots on %s with %i gateways 100 are changed at random under traffic: each ends as it is set up, nothing is lost',
  { timeout: 300_000 },
  async ([kind, count, churnMs], { expect }) => {
    await using database = await freshDatabase(kind);
    await using api = await startBotApi();
    const port = await freePort();
    const env = { ...settingsOf(database, api), LOG_LEVEL: 'error', CALLBACK_ALLOW: '127.0.0.0/8,::1/128' };
    const publicUrl = `http://127.0.0.1:${port}`;
    await using first = await startGateways(1, { ...env, PORT: String(port), PUBLIC_URL: publicUrl });
    await using others = await startGateways(count - 1, { ...env, PUBLIC_URL: publicUrl });
    const gateways = [...first.all, ...others.all];
    const bots = await addBots(gateways[0]!, api);
    const churn = new Churn(api, gateways);
    const [drawChange, drawWriter] = [drawing(7), drawing(8)];
    let isOver = false;

    const traffic = (async () => {
      while (!isOver) {
        for (let n = 0; n < 10; n++) {
          const bot = bots[drawWriter(SOURCES)]!;
          const { message_id: id } = bot.customer.writes(`message ${bot.written.length}`);
          bot.written.push(`${bot.customer.chatId}:${id}`);
        }
        await pause(50);
      }
    })();
    try {
      for (const end = performance.now() + churnMs; performance.now() < end;)
        await churn.change(bots[drawChange(CHANGING)]!, drawChange);
    } finally {
      isOver = true;
      await traffic;
    }

    const states = async (): Promise<string[]> => {
      const told = bots.map(async ({ id }, n) => {
        const { state } = await mustCall(gateways[n % count]!, 'GET', `/sources/${id}/health`);
        return `${n} ${String(state)}`;
      });
      return Promise.all(told);
    };
    const expected = bots.map((bot, n) => `${n} ${stateOf(bot)}`);
    await expect.poll(states, { timeout: 90_000, interval: 500 }).toEqual(expected);
    for (const bot of bots) await churn.heal(bot);
    const waiting = (): number => bots.reduce((sum, { token }) => sum + api.pendingUpdates(token).length, 0);
    await expect.poll(waiting, { timeout: 90_000, interval: 200 }).toBe(0);
    for (const bot of bots) expect(await storedIn(gateways[0]!, bot), `bot ${bot.id}`).toEqual(bot.written);

    const messages = bots.reduce((sum, { written }) => sum + written.length, 0);
    const wanted = new Set(expected.map((one) => one.split(' ')[1]));
    say(`${churn.changes} changes, ${messages} messages, states at the end: ${[...wanted].join(', ')}`);
    expect(wanted).toEqual(new Set(['running', 'stopped', 'unreachable', 'unauthorized']));
    expect(churn.changes).toBeGreaterThan(CHANGING);
  },
);
