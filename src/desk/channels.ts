import { isDeepStrictEqual } from 'node:util';
import type { SourceId } from '../contract/ids.ts';
import type { HookMapping, SourceKind, TelegramMode, WebhookAuth } from '../contract/source.ts';
import { Source } from '../store/entities/source.ts';
import { SYSTEM } from './actor.ts';
import { recordSource } from './configuration.ts';
import type { Desk } from './desk.ts';
import {
  type BotInfo,
  openSecret,
  openWebhookSecrets,
  telegramWebhookSecret,
  type WebhookSecret,
} from './source-secret.ts';
import { sourceView } from './views.ts';

/** A source as bots need it: its secret stands in the clear, so it goes nowhere else. */
export type Channel = {
  id: SourceId;
  code: string;
  kind: SourceKind;
  isActive: boolean;
  telegram: {
    token: string;
    mode: TelegramMode;
    apiRoot: string | null;
    /** What `getMe` answered, null before it was asked. */
    botInfo: unknown;
    webhookSecret: string;
  } | null;
  webhook: {
    callbackUrl: string | null;
    secrets: readonly WebhookSecret[];
    auth: WebhookAuth;
    mapping: HookMapping;
    /** Messages a minute, null: as many as any source may. */
    rateLimit: number | null;
  } | null;
};

/** The channels that were looked for since the last change of any source, by id and by code. */
export type ChannelCache = {
  get(by: ChannelRef): Channel | undefined;
  /** Keeps a channel, unless the cache was cleared after `since`. */
  keep(channel: Channel, since: number): void;
  readonly generation: number;
  clear(): void;
};

type ChannelRef = { id: SourceId } | { code: string };

export function openChannelCache(): ChannelCache {
  const byId = new Map<SourceId, Channel>();
  const byCode = new Map<string, Channel>();
  let generation = 0;
  return {
    get: (by) => ('id' in by ? byId.get(by.id) : byCode.get(by.code)),
    keep(channel, since) {
      if (since !== generation) return;
      byId.set(channel.id, channel);
      byCode.set(channel.code, channel);
    },
    get generation() {
      return generation;
    },
    clear() {
      generation += 1;
      byId.clear();
      byCode.clear();
    },
  };
}

/** Every source, active or not, by id. One whose secret does not open is left out and told in the log. */
export async function listChannels(desk: Desk): Promise<Channel[]> {
  const sources = await desk.store.em().find(Source, {}, { orderBy: { id: 'asc' } });
  return sources.flatMap((source) => {
    try {
      return [channelOf(desk, source)];
    } catch (error) {
      desk.log.error({ err: error, sourceId: source.id }, 'the secret of a source cannot be opened');
      return [];
    }
  });
}

/** What an address names: a code has at least one letter, so it is never taken for an id. */
export function channelRef(ref: string): ChannelRef {
  return /^\d+$/.test(ref) ? { id: Number(ref) as SourceId } : { code: ref };
}

/** One source by id or code, null when there is none; kept in memory until any source changes. */
export async function findChannel(desk: Desk, by: ChannelRef): Promise<Channel | null> {
  const kept = desk.channelCache.get(by);
  if (kept !== undefined) return kept;
  const { generation } = desk.channelCache;
  const source = await desk.store.em().findOne(Source, by);
  if (source === null) return null;
  const channel = channelOf(desk, source);
  desk.channelCache.keep(channel, generation);
  return channel;
}

/** Keeps what Telegram says of a bot, so that its next start needs no network. */
export async function rememberBot(desk: Desk, sourceId: SourceId, botInfo: BotInfo): Promise<void> {
  await desk.store.write(async (tx) => {
    const source = await tx.em.findOne(Source, { id: sourceId });
    if (source === null || isDeepStrictEqual(source.botInfo, botInfo)) return;
    source.botInfo = botInfo;
    await tx.em.flush();
    recordSource(tx, SYSTEM, desk.clock.now(), sourceView(source));
    tx.afterCommit(() => desk.channelCache.clear());
  });
}

function channelOf(desk: Desk, source: Source): Channel {
  const { id, code, kind, isActive } = source;
  const common = { id, code, kind, isActive, telegram: null, webhook: null };
  switch (kind) {
    case 'api':
      return common;
    case 'telegram':
      return { ...common, telegram: telegramOf(desk, source, openSecret(desk, source) ?? '') };
    case 'webhook':
      return { ...common, webhook: webhookOf(desk, source) };
  }
}

function telegramOf(desk: Desk, source: Source, token: string): NonNullable<Channel['telegram']> {
  return {
    token,
    mode: source.telegramMode ?? 'polling',
    apiRoot: source.apiRoot ?? null,
    botInfo: source.botInfo ?? null,
    webhookSecret: telegramWebhookSecret(desk, token),
  };
}

function webhookOf(desk: Desk, source: Source): NonNullable<Channel['webhook']> {
  return {
    callbackUrl: source.callbackUrl ?? null,
    secrets: openWebhookSecrets(desk, source),
    auth: source.webhookAuth ?? 'bearer',
    mapping: source.mapping ?? {},
    rateLimit: source.rateLimit ?? null,
  };
}
