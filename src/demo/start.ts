import { randomBytes } from 'node:crypto';
import { startApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { ContactPage } from '../contract/contact.ts';
import { type Log, openLog } from '../log.ts';
import { type BotApi, startBotApi } from './bot-api/start.ts';
import { bots, type SourceCode, sources } from './cast.ts';
import { openChance } from './chance.ts';
import { type Client, openClient } from './client.ts';
import { seatColleague } from './colleague.ts';
import { type Crowd, openCrowd } from './crowd.ts';
import { freePort } from './free-port.ts';
import { furnish, moveCallback } from './furnish.ts';
import { demoFiles, type Kept, readKept, type Seated, wipe, writeKept } from './kept.ts';
import type { DemoOptions } from './options.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { scenarios, unfinished } from './scenarios/all.ts';
import { openTempo } from './tempo.ts';

/** Why the demo cannot start, in words for the person who started it. */
export class DemoFault extends Error {}

/** A running demo. Disposing ends the customers first, then the gateway, then what stands in for the world. */
export type Demo = AsyncDisposable & {
  readonly url: string;
  readonly api: BotApi;
  /** Who works here; the tokens sign in at the console. */
  readonly team: readonly Seated[];
  readonly adminToken: string;
};

/** Starts everything and resolves when the first customers are on their way. Throws DemoFault. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { folder, seed } = options;
  const { last, port } = await prepare(options);
  const run = (last?.runs ?? 0) + 1;
  const adminToken = last?.adminToken ?? randomBytes(32).toString('base64url');
  const url = `http://127.0.0.1:${port}`;

  await using opening = new AsyncDisposableStack();
  const receiver = opening.use(await startReceiver());
  const api = opening.use(await startBotApi({ limits: true }));
  for (const bot of Object.values(bots)) api.addBot({ ...bot, firstId: run * 1_000_000 + 1 });
  const log = openLog('warn');
  opening.use(
    await startApp(configOf({ folder, port, url, adminToken, seed, apiRoot: api.url }), log, { demo: true }),
  );

  const admin = openClient(url, adminToken);
  const { hookSecret, team } = last ?? (await furnish(admin, receiver.url));
  if (last !== null) await moveCallback(admin, receiver.url);
  receiver.trust(hookSecret);
  const kept = { runs: run, url, adminToken, hookSecret, team };
  await writeKept(folder, kept);

  opening.use(await beginPlay({ options, kept, admin, api, receiver, log }));
  const opened = opening.move();
  return { url, api, team, adminToken, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Makes room for the demo: nobody else's port, nobody else's files. `last` is the run to go on from. */
async function prepare({ folder, isFresh, port }: DemoOptions): Promise<{ last: Kept | null; port: number }> {
  const before = await readKept(folder);
  if (before !== null) await checkNobodyRuns(before);
  const free = await freePort(port);
  if (free === null)
    throw new DemoFault(`Port ${port} is taken. Try another one: npm run demo -- --port ${port + 1}`);
  const last = isFresh ? null : before;
  if (last === null) await wipe(folder);
  return { last, port: free };
}

type Stage = {
  options: DemoOptions;
  kept: Kept;
  admin: Client;
  api: BotApi;
  receiver: Receiver;
  log: Log;
};

/** Seats those who answer by themselves and lets the customers come, until it is disposed. */
async function beginPlay({ options, kept, admin, api, receiver, log }: Stage): Promise<AsyncDisposable> {
  const { runs: run, url, hookSecret, team } = kept;
  await using opening = new AsyncDisposableStack();
  const ended = new AbortController();
  const tempo = openTempo(options.speed, ended.signal);
  const chance = openChance(`${options.seed} ${run}`);
  const website = { hook: `${url}/hooks/website`, secret: hookSecret, tempo };
  const crowd = openCrowd({ api, receiver, website, run, chance, tempo, log, scenarios });
  await resumeUnfinished(admin, crowd);
  for (const member of team.filter(({ isPlayed }) => isPlayed)) {
    const own = chance.of(member.name);
    const { conversationOf } = crowd;
    opening.use(seatColleague({ url, member, run, tempo, chance: own, log, conversationOf }));
  }
  const gathering = crowd.gather().catch((error: unknown) => {
    if (!ended.signal.aborted) log.error({ err: error }, 'no more customers come to the demo');
  });
  opening.defer(async () => {
    ended.abort();
    await gathering;
  });
  return opening.move();
}

type Place = {
  folder: string;
  port: number;
  url: string;
  adminToken: string;
  seed: string;
  apiRoot: string;
};

/** The gateway's settings. Nothing of the environment is in them: whatever it names is not the demo's to touch. */
function configOf({ folder, port, url, adminToken, seed, apiRoot }: Place) {
  const settings = {
    DATABASE_URL: `sqlite:${demoFiles(folder).database}`,
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: url,
    ADMIN_TOKEN: adminToken,
    TELEGRAM_API_ROOT: apiRoot,
    CALLBACK_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: 'warn',
    ROUTING_SEED: seed,
  };
  return readConfig(settings, String);
}

/** Customers who were left in the middle come back to it. */
async function resumeUnfinished(admin: Client, crowd: Crowd): Promise<void> {
  for (const status of ['waiting', 'assigned']) {
    const { items } = await admin(ContactPage, 'GET', `/contacts?status=${status}&limit=200`);
    for (const { lead, source } of items) {
      if (!isOurs(source.code) || !/^(?:tg:|visitor-)/.test(lead.external_id)) continue;
      const name = lead.name ?? '';
      const language = /[а-яё]/i.test(name) ? 'ru' : 'en';
      const contact = { externalId: lead.external_id, name, source: source.code };
      crowd.resume(contact, unfinished[language]);
    }
  }
}

function isOurs(code: string): code is SourceCode {
  return Object.hasOwn(sources, code);
}

/** Two demos cannot share a database, and a running one must not lose its files. Throws DemoFault. */
async function checkNobodyRuns({ url, adminToken }: Kept): Promise<void> {
  // The address may be somebody else's by now: only the demo itself knows the token.
  const isRunning = await fetch(`${url}/api/v1/session`, {
    headers: { authorization: `Bearer ${adminToken}` },
    signal: AbortSignal.timeout(2000),
  }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isRunning) throw new DemoFault(`A demo runs already, on ${url}. Stop it first, or look at it there.`);
}
