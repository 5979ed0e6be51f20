import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { type App, startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { type BotApi, startBotApi } from '../../src/demo/bot-api/start.ts';
import { openLog } from '../../src/log.ts';
import { callApi } from '../support/call-api.ts';
import { freshDatabase } from '../support/desk.ts';

export const ADMIN_TOKEN = 'browser-browser-browser-browser-browser';
export const BOT_TOKEN = '777:browser_browser_browser_browser';

// A browser that asks nobody but the gateway.
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A gateway with a polled bot on the stand-in Bot API, and a browser. */
export type Furnished = AsyncDisposable & {
  app: App;
  api: BotApi;
  browser: Browser;
  sourceId: number;
  /** Makes an operator who serves the bot, and a token that acts as it. */
  hire(name: string, maxLoad: number): Promise<{ id: number; token: string }>;
  call(method: string, path: string, body?: unknown): Promise<{ [field: string]: unknown; id: number }>;
};

export async function furnish(): Promise<Furnished> {
  await using opening = new AsyncDisposableStack();
  const database = opening.use(await freshDatabase('sqlite'));
  const api = opening.use(await startBotApi());
  api.addBot({ token: BOT_TOKEN, username: 'shop_bot' });
  const env = { DATABASE_URL: database.url, PORT: '0', ADMIN_TOKEN, TELEGRAM_API_ROOT: api.url };
  const app = opening.use(await startApp(readConfig(env, String), openLog('silent')));
  const browser = await launchBrowser();
  opening.defer(() => browser.close());

  const call: Furnished['call'] = async (method, path, body) => {
    const response = await callApi(app.url, method, path, { token: ADMIN_TOKEN, body });
    const answer = (await response.json()) as { [field: string]: unknown; id: number };
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const telegram = { token: BOT_TOKEN };
  const source = await call('POST', '/sources', {
    name: 'Shop bot',
    code: 'shop',
    kind: 'telegram',
    telegram,
  });
  const opened = opening.move();
  return {
    app,
    api,
    browser,
    sourceId: source.id,
    call,
    async hire(name, maxLoad) {
      const { id } = await call('POST', '/operators', { name, max_load: maxLoad });
      await call('POST', `/operators/${id}/weights`, { source_id: source.id, weight: 1 });
      const { token } = await call('POST', '/tokens', { name, operator_id: id });
      return { id, token: String(token) };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: inject('chromiumPath'), args: QUIET });
}

/** What a test needs of the console's words, in both languages. */
export const words = {
  en: {
    locale: 'en-US',
    byToken: 'Sign in with a token',
    token: 'API token',
    signIn: 'Sign in',
    message: 'Message',
    send: 'Send',
    sent: 'Sent',
    queue: 'Queue',
    mine: 'Mine',
    retry: 'Retry',
    again: 'Send again',
    uncertain: 'Maybe delivered – send again?',
    blocked: 'The customer has blocked the bot',
    refused: 'This token is not known here',
    demo: 'Demo: data is temporary',
  },
  ru: {
    locale: 'ru-RU',
    byToken: 'Войти по токену',
    token: 'API-токен',
    signIn: 'Войти',
    message: 'Сообщение',
    send: 'Отправить',
    sent: 'Отправлено',
    queue: 'Очередь',
    mine: 'Мои',
    retry: 'Повторить',
    again: 'Отправить ещё раз',
    uncertain: 'Возможно, доставлено – отправить ещё раз?',
    blocked: 'Клиент заблокировал бота',
    refused: 'Такого токена нет',
    demo: 'Демо: данные временные',
  },
} as const;

export type Words = (typeof words)[keyof typeof words];

/** A page of a new visitor, who speaks the language of the words. */
export async function visit(
  { browser }: Furnished,
  said: Words,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const viewport = { width: 1280, height: 800 };
  const context = await browser.newContext({ locale: said.locale, viewport, ...options });
  return context.newPage();
}

/** A page of a new visitor who has signed in with a token. */
export async function signIn(
  house: Furnished,
  token: string,
  said: Words,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await visit(house, said, options);
  await enter(page, house, token, said);
  return page;
}

/** Signs in on a page as people do. */
export async function enter(page: Page, { app }: Furnished, token: string, said: Words): Promise<void> {
  await page.goto(app.url);
  await page.getByRole('button', { name: said.byToken }).click();
  await page.getByLabel(said.token, { exact: true }).fill(token);
  await page.getByRole('button', { name: said.signIn, exact: true }).click();
  await page.getByRole('link', { name: said.queue }).first().waitFor();
}

/** Opens the contact of a lead and waits for what it has said. */
export async function openContact(page: Page, name: string, text: string): Promise<void> {
  await page.getByRole('listitem').filter({ hasText: name }).getByRole('link').click();
  await page.getByRole('log').getByText(text).waitFor();
}

/** Writes a reply in the contact that is open. */
export async function reply(page: Page, text: string, said: Words): Promise<void> {
  await page.getByRole('textbox', { name: said.message, exact: true }).fill(text);
  await page.getByRole('button', { name: said.send, exact: true }).click();
}

/** Keeps a picture for people in `artifacts/`. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = fileURLToPath(new URL('../../artifacts/', import.meta.url));
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png` });
}
