import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { freshFolder } from '../support/http.ts';
import { inScheme } from './axe.ts';
import { takePicture, type Words, words } from './furnished.ts';

const { en, ru } = words;
const command = fileURLToPath(new URL('../../src/demo/main.ts', import.meta.url));

type Running = AsyncDisposable & {
  /** As printed, by role. */
  links: Map<string, string>;
  /** Where the stand-in tells what bots have sent. */
  sentAt: string;
};

/** What `npm run demo` runs, on a folder and a port of its own. */
async function runDemo(folder: string, speed: number): Promise<Running> {
  const args = [command, '--port', '0', '--speed', String(speed), '--data', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const links = new Map<string, string>();
  let sentAt = '';
  for await (const line of createInterface({ input: child.stdout })) {
    const [, role = '', link = ''] = /^ +(admin|supervisor|operator) +(\S+)/.exec(line) ?? [];
    if (role !== '') links.set(role, link);
    sentAt = /http\S+\/sent/.exec(line)?.[0] ?? sentAt;
    if (line.includes('Ctrl-C')) break;
  }
  child.stdout.resume();
  return {
    links,
    sentAt,
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await exited;
    },
  };
}

async function openBrowser(): Promise<AsyncDisposable & { browser: Browser }> {
  const browser = await chromium.launch({
    executablePath: inject('chromiumPath'),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  return { browser, [Symbol.asyncDispose]: () => browser.close() };
}

async function openLink(browser: Browser, link: string | undefined, said: Words = en): Promise<Page> {
  const viewport = { width: 1280, height: 800 };
  const context = await browser.newContext({ locale: said.locale, viewport });
  const page = await context.newPage();
  await page.goto(link ?? 'about:blank');
  await page.getByRole('link', { name: said.mine }).first().waitFor();
  return page;
}

test('whoever opens the link of the demo sees customers come, and an answer reaches the customer', async () => {
  await using folder = await freshFolder();
  await using demo = await runDemo(folder.path, 5);
  await using opened = await openBrowser();
  const page = await openLink(opened.browser, demo.links.get('operator'));
  const rows = page.getByRole('list', { name: 'Contacts', exact: true }).getByRole('listitem');

  await rows.nth(2).waitFor();
  expect(page.url()).not.toContain('token');
  await rows.filter({ hasText: 'Northside · Telegram' }).first().getByRole('link').click();
  const thread = page.getByRole('log');
  await thread.getByRole('article').first().waitFor();
  await takePicture(page, 'demo-arrivals');
  const reply = 'Hello! This is Anna. One moment, I am looking into it.';
  await page.getByRole('textbox', { name: en.message, exact: true }).fill(reply);
  await page.getByRole('button', { name: en.send, exact: true }).click();

  await thread.getByText(reply).waitFor();
  await thread.getByLabel(en.sent, { exact: true }).nth(1).waitFor();
  expect(await sentTexts(demo)).toContain(reply);
  // The customer goes on: its words stand below the answer.
  const newest = () => thread.getByRole('article').last().innerText();
  await expect.poll(newest, { timeout: 30_000 }).not.toContain(reply);
  await takePicture(page, 'demo-reply');
});

test('a supervisor sees the whole house at work', async () => {
  await using folder = await freshFolder();
  await using demo = await runDemo(folder.path, 5);
  await using opened = await openBrowser();
  const page = await openLink(opened.browser, demo.links.get('supervisor'));

  await page.getByRole('link', { name: 'All', exact: false }).first().click();
  const rows = page.getByRole('list', { name: 'Contacts', exact: true }).getByRole('listitem');
  await rows.nth(7).waitFor();
  await rows.filter({ hasText: 'Boris Antonov' }).first().getByRole('link').click();
  await page.getByRole('log').getByRole('article').first().waitFor();
  await takePicture(page, 'demo-supervisor');
  await inScheme(page, 'dark');
  await takePicture(page, 'demo-supervisor-dark');

  const admin = await openLink(opened.browser, demo.links.get('admin'));
  await admin.getByRole('link', { name: 'Weights' }).first().click();
  await admin.getByRole('main').getByText('Emma Clarke').first().waitFor();
  await takePicture(admin, 'demo-weights');
  const russian = await openLink(opened.browser, demo.links.get('supervisor'), ru);
  await russian.getByRole('link', { name: 'Все' }).first().click();
  const list = russian.getByRole('list', { name: 'Обращения', exact: true });
  await list.getByRole('listitem').filter({ hasText: 'Рядом' }).first().getByRole('link').click();
  await russian.getByRole('log').getByRole('article').first().waitFor();
  await takePicture(russian, 'demo-supervisor-ru');
});

async function sentTexts({ sentAt }: Running): Promise<string[]> {
  const { items } = (await (await fetch(sentAt)).json()) as { items: { text: string }[] };
  return items.map(({ text }) => text);
}
