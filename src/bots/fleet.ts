import type { SourceId } from '../contract/ids.ts';
import { SourceHealth } from '../contract/source.ts';
import { type Channel, findChannel, listChannels } from '../desk/channels.ts';
import type { Desk } from '../desk/desk.ts';
import { readReport } from '../desk/lease-reports.ts';
import type { Log } from '../log.ts';
import { type Backoff, backoffAfter } from './backoff.ts';
import type { EventFeed } from './feed.ts';
import type { Holdings } from './holdings.ts';
import { healthOf, type Member, settingsOf, startMember, type Surroundings } from './member.ts';
import { pause } from './pause.ts';
import { startReports } from './reports.ts';
import { receiveTelegramUpdate } from './telegram/receive.ts';

export type FleetOptions = {
  desk: Desk;
  feed: EventFeed;
  /** Which sources are this gateway's to serve. */
  holdings: Holdings;
  log: Log;
  /** The Bot API server (TELEGRAM_API_ROOT), trusted as given. */
  apiRoot: string;
  /** Where a source's own API server may lie besides public addresses (CALLBACK_ALLOW). */
  allow: readonly string[];
  publicUrl: string | null;
  longPollSeconds?: number;
  webhookCheckMs?: number;
  /** How often other gateways are told how the bots here do. */
  reportEveryMs?: number;
  backoff?: Backoff;
};

/** All bots of the gateway. Disposing stops them; what they were committing is committed. */
export type Fleet = AsyncDisposable & {
  /** How a source does right now, as far as the gateway that serves it has told. */
  health(sourceId: SourceId): Promise<SourceHealth>;
  /** Takes an update that Telegram posted; resolves when it is committed. */
  receive(channel: Channel, update: unknown): Promise<void>;
};

/** Starts a bot for every active Telegram source, and follows the sources as they change. Needs no network. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { desk, log, holdings, apiRoot, allow, publicUrl, backoff = backoffAfter } = options;
  const around: Surroundings = {
    desk,
    log,
    publicUrl,
    backoff,
    root: { apiRoot, allow },
    longPollSeconds: options.longPollSeconds ?? 25,
    webhookCheckMs: options.webhookCheckMs ?? 60_000,
  };
  const stopped = new AbortController();
  const members = new Map<SourceId, Member>();
  let isStale = false;
  let isStarted = false;
  let following: Promise<void> | null = null;

  async function stopThose(isGone: (member: Member) => boolean): Promise<void> {
    const gone = [...members.values()].filter(isGone);
    // A bot starts again only when its old self has ended: two would be in each other's way.
    await Promise.all(gone.map((member) => member.stop()));
    for (const member of gone) members.delete(member.channel.id);
  }

  async function reload(): Promise<void> {
    // Before anything is read: a gateway that cannot reach the database leaves its bots to those who can.
    await stopThose((member) => !member.holding.isHeld());
    const listed = await listChannels(desk);
    const channels = new Map(listed.map((channel) => [channel.id, channel]));
    await stopThose((member) => {
      const channel = channels.get(member.channel.id);
      return channel === undefined || settingsOf(channel) !== member.settings;
    });
    if (stopped.signal.aborted) return;
    for (const channel of listed) {
      const [settings, holding] = [settingsOf(channel), holdings.of(channel.id)];
      if (settings !== null && holding !== null && !members.has(channel.id))
        members.set(channel.id, startMember(around, channel, settings, holding));
    }
  }

  async function follow(): Promise<void> {
    let failures = 0;
    while (isStale && !stopped.signal.aborted) {
      isStale = false;
      try {
        await reload();
        failures = 0;
      } catch (error) {
        isStale = true;
        failures += 1;
        log.error({ err: error }, 'the sources could not be read; the bots go on as they are');
        await pause(backoff(failures), stopped.signal);
      }
    }
    following = null;
  }

  function catchUp(): Promise<void> {
    isStale = true;
    if (isStarted) following ??= follow();
    return following ?? Promise.resolve();
  }

  const unsubscribe = [
    holdings.subscribe(catchUp),
    options.feed.subscribe((events) => {
      if (events.some((event) => event.type === 'source.updated')) void catchUp();
    }),
  ];
  const reports = startReports({
    desk,
    log,
    gateway: holdings.gateway,
    everyMs: options.reportEveryMs ?? 5_000,
    read: () =>
      [...members.values()].map((member) => ({
        sourceId: member.channel.id,
        report: healthOf(member, holdings.gateway),
      })),
  });
  await reload();
  // What changed while the first bots were starting is looked at now: two reloads at once would start a bot twice.
  isStarted = true;
  if (isStale) following = follow();

  return {
    async health(sourceId) {
      const member = members.get(sourceId);
      if (member !== undefined) return healthOf(member, holdings.gateway);
      const channel = await findChannel(desk, { id: sourceId });
      const lease = await readReport(desk, sourceId);
      const told = channel?.isActive === true ? SourceHealth.safeParse(lease?.report) : null;
      return told?.success === true ? told.data : restingHealth(channel, lease?.holder ?? null);
    },
    async receive(channel, update) {
      // Telegram posts to whichever gateway it reaches; each of them may commit it.
      await receiveTelegramUpdate(desk, channel, update, null);
      const member = members.get(channel.id);
      if (member !== undefined) member.vitals.lastUpdateAt = new Date();
    },
    async [Symbol.asyncDispose]() {
      for (const end of unsubscribe) end();
      stopped.abort();
      await reports[Symbol.asyncDispose]();
      await following;
      await Promise.all([...members.values()].map((member) => member.stop()));
    },
  };
}

/** A source that has no bot running: switched off, not seen yet, or of a kind that needs none. */
function restingHealth(channel: Channel | null, gateway: string | null): SourceHealth {
  const isServed = channel !== null && channel.isActive && channel.kind !== 'telegram';
  const isStopped = channel !== null && !channel.isActive;
  return {
    state: isServed ? 'running' : isStopped ? 'stopped' : 'starting',
    mode: channel?.telegram?.mode ?? null,
    bot_username: null,
    last_update_at: null,
    last_error: null,
    last_error_at: null,
    pending_updates: null,
    advice: null,
    gateway,
  };
}
