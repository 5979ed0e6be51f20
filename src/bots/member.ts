import type { SourceHealth } from '../contract/source.ts';
import { type Channel, rememberBot } from '../desk/channels.ts';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../log.ts';
import { adviceFor, NEEDS_PUBLIC_URL } from './advice.ts';
import type { Backoff } from './backoff.ts';
import type { Holding } from './holdings.ts';
import { keepWebhook } from './keep-webhook.ts';
import { pollUpdates } from './poll.ts';
import { type TelegramRoot, telegramApi } from './telegram/client.ts';
import { receiveTelegramUpdate } from './telegram/receive.ts';
import { freshVitals, noteState, type Vitals } from './vitals.ts';

export type Surroundings = {
  desk: Desk;
  log: Log;
  root: TelegramRoot;
  /** Where Telegram reaches the gateway; null when it does not. */
  publicUrl: string | null;
  longPollSeconds: number;
  webhookCheckMs: number;
  backoff: Backoff;
};

/** One bot that is being kept running. */
export type Member = {
  readonly channel: Channel;
  readonly holding: Holding;
  /** Equal as long as the bot may go on as it is. */
  readonly settings: string;
  readonly vitals: Vitals;
  /** Resolves when nothing of the bot runs any more. */
  stop(): Promise<void>;
};

/** What a running bot depends on; null when it shall not run. */
export function settingsOf(channel: Channel): string | null {
  if (channel.telegram === null || !channel.isActive) return null;
  const { token, mode, apiRoot, webhookSecret } = channel.telegram;
  return JSON.stringify([token, mode, apiRoot, mode === 'webhook' ? [channel.code, webhookSecret] : null]);
}

/** Starts the bot of an active Telegram source and returns at once: a start needs no network. */
export function startMember(
  around: Surroundings,
  channel: Channel,
  settings: string,
  holding: Holding,
): Member {
  const stopped = new AbortController();
  const vitals = freshVitals(around.log.child({ source: channel.id }), usernameOf(channel));
  const running = run(around, { channel, holding, vitals, signal: stopped.signal }).catch(
    (error: unknown) => {
      vitals.log.error({ err: error }, 'a bot has stopped: this is a bug');
      noteState(vitals, 'stopped', 'internal');
    },
  );
  return {
    channel,
    holding,
    settings,
    vitals,
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

type Running = { channel: Channel; holding: Holding; vitals: Vitals; signal: AbortSignal };

async function run(around: Surroundings, { channel, holding, vitals, signal }: Running): Promise<void> {
  const { telegram } = channel;
  if (telegram === null) return;
  const { desk, root, publicUrl, longPollSeconds, webhookCheckMs, backoff } = around;
  const api = telegramApi(telegram, root, { timeoutMs: (longPollSeconds + 15) * 1000, signal });

  async function introduce(): Promise<void> {
    if (telegram?.botInfo !== null) return;
    const me = await api.getMe();
    vitals.username = me.username;
    await rememberBot(desk, channel.id, { ...me }).catch((error: unknown) => {
      vitals.log.warn({ err: error }, 'the name of a bot could not be kept');
    });
  }

  switch (telegram.mode) {
    case 'polling':
      return pollUpdates({
        api,
        async prepare() {
          await introduce();
          await api.deleteWebhook();
        },
        receive: (update) => receiveTelegramUpdate(desk, channel, update, holding.fence),
        vitals,
        backoff,
        longPollSeconds,
        signal,
      });
    case 'webhook': {
      if (publicUrl === null) return noteState(vitals, 'unreachable', NEEDS_PUBLIC_URL);
      const url = `${publicUrl.replace(/\/+$/, '')}/telegram/${channel.code}`;
      const secret = telegram.webhookSecret;
      const checkEveryMs = webhookCheckMs;
      return keepWebhook({ api, url, secret, prepare: introduce, vitals, backoff, checkEveryMs, signal });
    }
  }
}

/** How the source of a member does, in the words of the contract; `gateway` is the one that runs it. */
export function healthOf({ vitals, channel }: Member, gateway: string): SourceHealth {
  const { state, username, lastError, lastErrorAt, lastUpdateAt, pendingUpdates } = vitals;
  const mode = channel.telegram?.mode ?? null;
  return {
    state,
    mode,
    bot_username: username,
    last_update_at: lastUpdateAt?.toISOString() ?? null,
    last_error: lastError,
    last_error_at: lastErrorAt?.toISOString() ?? null,
    pending_updates: pendingUpdates,
    advice: adviceFor({ state, mode, last_error: lastError }),
    gateway,
  };
}

function usernameOf(channel: Channel): string | null {
  const me: unknown = channel.telegram?.botInfo;
  return typeof me === 'object' && me !== null && 'username' in me && typeof me.username === 'string'
    ? me.username
    : null;
}
