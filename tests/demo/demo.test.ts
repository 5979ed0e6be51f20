import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Contact, ContactPage } from '../../src/contract/contact.ts';
import type { GatewayEvent } from '../../src/contract/event.ts';
import { Message } from '../../src/contract/message.ts';
import { greetings, team } from '../../src/demo/cast.ts';
import { openClient } from '../../src/demo/client.ts';
import type { DemoOptions } from '../../src/demo/options.ts';
import type { Line } from '../../src/demo/script.ts';
import { scenarios } from '../../src/demo/scenarios/all.ts';
import { type Demo, startDemo } from '../../src/demo/start.ts';
import { type Console, openConsole } from '../realtime/console.ts';
import { freshFolder } from '../support/http.ts';

function playIn(folder: string, more: Partial<DemoOptions> = {}): Promise<Demo> {
  return startDemo({ folder, port: 0, speed: 60, seed: 'test', isFresh: false, ...more });
}

type Watcher = Console & { before: Contact[] };

/** Somebody who sees everything that happens from now on, and what there was before. */
async function watch(demo: Demo): Promise<Watcher> {
  const console = await openConsole(demo.url, demo.adminToken);
  const subscribed = await console.subscribe(null);
  return { ...console, before: 'snapshot' in subscribed ? subscribed.snapshot.contacts : [] };
}

// As much time as a machine may need that does a lot besides.
const patience = { timeout: 120_000 };
const isGreeting = (text: string) => Object.values<string>(greetings).includes(text);
const moved = (event: GatewayEvent): Contact | null =>
  event.type.startsWith('contact.') && 'source' in event.data && 'lead' in event.data ? event.data : null;
const written = (event: GatewayEvent): Message | null =>
  event.type === 'message.created' || event.type === 'message.updated' ? event.data : null;

test(
  'customers come by every way in, operators answer by themselves, and nobody has more than its cap',
  patience,
  async () => {
    await using folder = await freshFolder();
    await using demo = await playIn(folder.path);
    using watcher = await watch(demo);
    const played = new Set(demo.team.filter(({ isPlayed }) => isPlayed).map(({ id }) => id));

    const closedOn = (code: string) =>
      watcher.hears((event) => event.type === 'contact.closed' && moved(event)?.source.code === code);
    const closed = await Promise.all(['ryadom', 'northside', 'website'].map(closedOn));
    await watcher.hears((event) => (written(event)?.attachments.length ?? 0) > 0);
    await watcher.hears((event) => written(event)?.edited_at != null);

    for (const event of closed) {
      expect(moved(event)?.close_reason).toMatch(/\p{L}/u);
      expect(played.has(moved(event)!.operator_id!)).toBe(true);
    }
    const loads = loadsSeen(watcher);
    expect(loads.length).toBeGreaterThan(50);
    for (const { id, name } of demo.team) {
      const cap = team.find((member) => member.name === name)!.maxLoad;
      const seen = loads.flatMap((load) => load.get(id) ?? 0);
      expect(Math.max(...seen)).toBeGreaterThan(0);
      expect(Math.max(...seen)).toBeLessThanOrEqual(cap);
    }
    const answers = demo.api.sent.filter(({ text }) => !isGreeting(text));
    expect(new Set(answers.map(({ token }) => token)).size).toBe(2);
    expect(demo.api.violations).toEqual([]);
  },
);

test(
  'a customer of somebody who does not answer waits, and goes on when a person does',
  patience,
  async () => {
    await using folder = await freshFolder();
    await using demo = await playIn(folder.path, { speed: 40 });
    using watcher = await watch(demo);
    const mine = demo.team.filter(({ isPlayed }) => !isPlayed);
    const found = await watcher.hears((event) => {
      const contact = moved(event);
      const isMine = mine.some(({ id }) => id === contact?.operator_id);
      // One line alone: the greeting comes right after it, where an answer would.
      return isMine && contact!.lead.external_id.startsWith('tg:') && linesOf(contact!).opening.length === 1;
    });
    const contact = moved(found)!;
    const me = mine.find(({ id }) => id === contact.operator_id)!;

    // Meanwhile a whole conversation of somebody else's has come to its end.
    await watcher.hears((event) => event.type === 'contact.closed');
    const unanswered = watcher.heard.map(written).filter((message) => message?.contact_id === contact.id);
    const call = openClient(demo.url, me.token);
    const reply = { text: 'One moment, please.' };
    await call(Message, 'POST', `/contacts/${contact.id}/messages`, reply);

    const sent = await demo.api.waitForSent(({ text }) => text === reply.text);
    expect(`tg:${sent.chatId}`).toBe(contact.lead.external_id);
    await watcher.hears((event) => {
      const before = watcher.heard.findIndex((one) => written(one)?.text === reply.text);
      const message = written(event);
      return (
        message?.contact_id === contact.id &&
        message.author === 'lead' &&
        watcher.heard.indexOf(event) > before
      );
    });
    for (const message of unanswered) expect(linesOf(contact).later).not.toContain(message?.text);
    const answered = watcher.heard
      .map(written)
      .filter((message) => message?.contact_id === contact.id && message.author === 'operator');
    expect(new Set(answered.map((message) => message?.text))).toEqual(new Set([reply.text]));
  },
);

test('the next demo goes on where the last one stopped, a fresh one begins anew', patience, async () => {
  await using folder = await freshFolder();
  const first = await playIn(folder.path);
  using earlier = await watch(first);
  await earlier.hears((event) => event.type === 'contact.closed');
  const before = await openOf(first);
  await first[Symbol.asyncDispose]();

  const second = await playIn(folder.path);
  using later = await watch(second);
  const left = before.filter(({ operator_id: id }) =>
    second.team.some((one) => one.id === id && one.isPlayed),
  );
  expect(left.length).toBeGreaterThan(0);
  // Whoever was left in the middle is asked, says that all is well, and is closed.
  for (const { id } of left) await isClosed(second, later, id);
  const newcomer = await later.hears((event) => event.type === 'contact.created');
  await second[Symbol.asyncDispose]();
  await using third = await playIn(folder.path, { isFresh: true });
  using last = await watch(third);
  const anew = await last.hears((event) => event.type === 'contact.created');

  expect(second.team).toEqual(first.team);
  expect(moved(newcomer)!.id).toBeGreaterThan(Math.max(...before.map(({ id }) => id)));
  expect(third.team).not.toEqual(first.team);
  expect(moved(anew)!.id).toBeLessThan(10);
});

test('a port that is taken, and a demo that runs already, are said plainly', async () => {
  await using folder = await freshFolder();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  await expect(playIn(folder.path, { port })).rejects.toThrow(
    `Port ${port} is taken. Try another one: npm run demo -- --port ${port + 1}`,
  );
  other.close();
  await using demo = await playIn(folder.path);
  await expect(playIn(folder.path, { isFresh: true })).rejects.toThrow(
    `A demo runs already, on ${demo.url}.`,
  );
  // Nothing was taken away from the one that runs.
  expect(await openClient(demo.url, demo.adminToken)(z.unknown(), 'GET', '/session')).toMatchObject({
    role: 'admin',
  });
});

/** What the customer says before the first answer, and what after it. */
function linesOf({ text }: Contact): { opening: string[]; later: string[] } {
  const textsOf = (lines: readonly Line[]) =>
    lines.flatMap((line) => (line.by === 'customer' && line.does === 'says' ? line.texts : []));
  const { lines } = scenarios.find((one) => sameStart(textsOf(one.lines)[0]!, text!))!;
  const answer = lines.findIndex(({ by }) => by === 'operator');
  return { opening: textsOf(lines.slice(0, answer)), later: textsOf(lines.slice(answer)) };
}

/** Up to the first fact that is filled in. */
function sameStart(template: string, text: string): boolean {
  return text.startsWith(template.split('{')[0]!);
}

/** How many contacts everybody had after each thing that was told, by operator id. */
function loadsSeen({ before, heard }: Watcher): Map<number, number>[] {
  const holders = new Map(
    before.flatMap(({ id, operator_id: holder }) => (holder === null ? [] : [[id, holder]])),
  );
  return heard
    .map(moved)
    .filter((contact) => contact !== null)
    .map(({ id, status, operator_id: holder }) => {
      if (status === 'assigned' && holder !== null) holders.set(id, holder);
      else holders.delete(id);
      const loads = new Map<number, number>();
      for (const one of holders.values()) loads.set(one, (loads.get(one) ?? 0) + 1);
      return loads;
    });
}

/** Resolves when the contact is closed, now or later. */
async function isClosed(demo: Demo, watcher: Watcher, id: number): Promise<void> {
  const call = openClient(demo.url, demo.adminToken);
  const { status } = await call(Contact, 'GET', `/contacts/${id}`);
  if (status === 'closed') return;
  await watcher.hears((event) => event.type === 'contact.closed' && moved(event)?.id === id);
}

async function openOf(demo: Demo): Promise<Contact[]> {
  const call = openClient(demo.url, demo.adminToken);
  const { items } = await call(ContactPage, 'GET', '/contacts?status=assigned&limit=200');
  return items;
}
