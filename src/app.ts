import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { dialectOf, sqliteFile } from '../mikro-orm.config.ts';
import { startFleet } from './bots/fleet.ts';
import { startHoldings } from './bots/holdings.ts';
import { receiveHook } from './bots/hook/receive.ts';
import { startSender } from './bots/sender.ts';
import { checkBotToken } from './bots/telegram/check-token.ts';
import { checkCallbackUrl } from './outgoing/check-url.ts';
import { type Config, endRotation, secretKeyOf } from './config.ts';
import { openAuthenticator } from './desk/authenticate.ts';
import type { Desk } from './desk/desk.ts';
import { watchFinishing } from './desk/finishing.ts';
import { watchOffers } from './desk/offers.ts';
import { watchPlaces } from './desk/places-told.ts';
import { takeStock } from './desk/gauges.ts';
import { invariantBreaches } from './desk/invariants.ts';
import { watchInvariants } from './desk/invariants-watch.ts';
import { openDesk } from './desk/open-desk.ts';
import { watchRetention } from './desk/retention.ts';
import { resumeQueues } from './desk/resume-queues.ts';
import { keyInForce } from './desk/key-in-force.ts';
import { watchAccess } from './desk/watch-access.ts';
import { readSourceReports } from './desk/source-reports.ts';
import { openClient } from './http/client.ts';
import type { Gateway } from './http/gateway.ts';
import { openLimits } from './http/limits.ts';
import { openRoutes } from './http/routes.ts';
import { serveHttp } from './http/serve.ts';
import { type Log, openLog } from './log.ts';
import { openMetrics } from './metrics.ts';
import { startRealtime } from './realtime/serve.ts';
import { isUnavailable } from './store/faults.ts';
import { lockSqlite } from './store/lock.ts';

/** A running gateway. Disposing stops it: what is under way is finished, what waits is kept for the next start. */
export type App = AsyncDisposable & {
  readonly url: string;
  /** The start of links for browsers. */
  readonly address: string;
  readonly desk: Desk;
};

const builtConsole = fileURLToPath(new URL('../dist/console', import.meta.url));

/** Opens everything in the order in which it is needed, and answers when the gateway can be reached. */
export async function startApp(
  config: Config,
  log: Log = openLog(config.logLevel),
  { consoleFolder = builtConsole, demo = false }: { consoleFolder?: string; demo?: boolean } = {},
): Promise<App> {
  const { callbackAllow: allow, telegramApiRoot: apiRoot, publicUrl } = config;
  await using opening = new AsyncDisposableStack();
  const metrics = openMetrics((error) => log.warn({ err: error }, 'a figure could not be read'));
  const desk = await openSoleDesk(opening, config, log, metrics.committed);
  await resumeQueues(desk);
  opening.use(await watchFinishing(desk));
  opening.use(watchInvariants(desk));
  opening.use(watchRetention(desk));
  opening.use(watchOffers(desk));
  opening.use(await watchPlaces(desk));
  const { feed } = desk.store;
  const gatewayName = nameOfGateway();
  const isSole = desk.store.dialect === 'sqlite';
  const holdings = opening.use(await startHoldings({ desk, feed, log, gateway: gatewayName, isSole }));
  const fleet = opening.use(await startFleet({ desk, feed, holdings, log, apiRoot, allow, publicUrl }));
  const sender = opening.use(await startSender({ desk, feed, holdings, log, apiRoot, allow }));

  let isDraining = false;
  let sockets = () => 0;
  opening.use(await watchAccess(desk));
  const authenticate = openAuthenticator(desk, config.adminToken);
  const client = openClient(config);
  const limits = openLimits();
  let address = '';
  const gateway: Gateway = {
    desk,
    authenticate,
    client,
    limits,
    address: () => address,
    bots: {
      receiveHook: (channel, request) => receiveHook(desk, channel, request, limits.ofHook),
      receiveUpdate: (channel, update) => fleet.receive(channel, update),
      health: (id) => fleet.health(id),
      async checkToken(bot) {
        const found = await checkBotToken(bot, { apiRoot, allow });
        return found === 'unreachable' ? null : { ...found, username: found.username ?? '' };
      },
      webhookFault: (ownRoot) => webhookFault(publicUrl, ownRoot ?? apiRoot),
    },
    addressFault: (url) => checkCallbackUrl(url, allow),
    isUnavailable,
    isDraining: () => isDraining,
    metrics,
    metricsToken: config.metricsToken,
    consoleFolder,
    demo,
  };
  metrics.ask({
    intakeDepth: () => desk.arrivals.depth,
    sockets: () => sockets(),
    leasesHeld: () => holdings.ids().length,
    database: () => desk.store.ping(),
    stock: () => takeStock(desk),
    sourceStates: () => statesOf(desk),
    feed: () => feed.age(),
    invariantBreaches: () => invariantBreaches(desk),
  });
  const http = opening.use(await serveHttp(openRoutes(gateway), config));
  address = publicUrl ?? nearUrl(http.url);
  const realtime = opening.use(
    startRealtime({ server: http.server, desk, authenticate, client, log, gateway: gatewayName }),
  );
  sockets = realtime.count;
  opening.defer(async () => {
    isDraining = true;
    // Side by side: each of them has a bound of its own, and one after the other would add them up.
    await Promise.all([http, realtime, sender, fleet].map((side) => side[Symbol.asyncDispose]()));
  });

  const opened = opening.move();
  return { url: http.url, address, desk, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Opens the desk; a SQLite file is taken for this process alone. Throws FileLocked. */
async function openSoleDesk(
  opening: AsyncDisposableStack,
  { databaseUrl, secretKey, routingSeed }: Config,
  log: Log,
  onCommit: (items: number, ms: number) => void,
): Promise<Desk> {
  const file = sqliteFile(databaseUrl);
  if (dialectOf(databaseUrl) === 'sqlite') opening.use(await lockSqlite(file));
  if (secretKey === null) {
    const ended = await endRotation(file, (keys) => keyInForce(databaseUrl, keys));
    if (ended !== 'none') log.warn({ ended }, 'a rotation of the key was interrupted');
  }
  return opening.use(
    await openDesk({
      databaseUrl,
      secretKey: await secretKeyOf({ secretKey }, file),
      routingSeed: routingSeed ?? randomBytes(32).toString('base64url'),
      log,
      onCommit,
    }),
  );
}

/** Who listens everywhere is found at home: no browser goes to 0.0.0.0. */
function nearUrl(url: string): string {
  return url.replace(/\/\/(?:0\.0\.0\.0|\[::\]):/, '//localhost:');
}

/** Unlike that of every other gateway and of every earlier run: leases and presence hang on it. */
function nameOfGateway(): string {
  return `${hostname().slice(0, 100)}-${randomBytes(6).toString('hex')}`;
}

function webhookFault(publicUrl: string | null, apiRoot: string): string | null {
  if (publicUrl === null) return 'needs PUBLIC_URL, the address under which Telegram reaches this gateway';
  const isTelegram = new URL(apiRoot).hostname === 'api.telegram.org';
  // A Bot API server of one's own posts to plain http as well.
  return isTelegram && !publicUrl.startsWith('https:') ? 'needs a PUBLIC_URL with https' : null;
}

async function statesOf(desk: Desk): Promise<ReadonlyMap<number, string>> {
  const reports = await readSourceReports(desk);
  return new Map(reports.map(({ id, state }) => [id, state]));
}
