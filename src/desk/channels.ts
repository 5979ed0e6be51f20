import type { SourceId } from '../contract/ids.ts';
import type { HookMapping, SourceKind, TelegramMode, WebhookAuth } from '../contract/source.ts';
import { Source } from '../store/entities/source.ts';
import type { Desk } from './desk.ts';

/** A source as its channel needs it, with its secret opened; it never leaves the process. */
export type Channel = {
  id: SourceId;
  code: string;
  kind: SourceKind;
  isActive: boolean;
  telegram: {
    token: string;
    mode: TelegramMode;
    apiRoot: string | null;
    /** The answer of getMe; null before the first contact with Telegram. */
    botInfo: unknown;
    /** What Telegram's webhook sender shows us. */
    webhookSecret: string;
  } | null;
  webhook: { callbackUrl: string | null; secret: string; auth: WebhookAuth; mapping: HookMapping } | null;
};

/** Channels by id and code; emptied whenever a source changes. */
export type ChannelCache = {
  get(key: string): Channel | undefined;
  set(channel: Channel): void;
  clear(): void;
};

export function openChannelCache(): ChannelCache {
  const channels = new Map<string, Channel>();
  return {
    get: (key) => channels.get(key),
    set: (channel) => {
      channels.set(`id:${channel.id}`, channel).set(`code:${channel.code}`, channel);
    },
    clear: () => channels.clear(),
  };
}

/** Where a source's secret is sealed. */
export function secretPlace(id: SourceId): string {
  return `source:${id}:secret`;
}

/** All sources with their secrets, by id. */
export async function listChannels(desk: Desk): Promise<Channel[]> {
  const sources = await desk.store.em().find(Source, {}, { orderBy: { id: 'asc' } });
  return sources.map((source) => channelOf(desk, source));
}

/** One source by id or code; null when there is none. */
export async function findChannel(
  desk: Desk,
  by: { id: SourceId } | { code: string },
): Promise<Channel | null> {
  const cached = desk.channelCache.get('id' in by ? `id:${by.id}` : `code:${by.code}`);
  if (cached !== undefined) return cached;
  const source = await desk.store.em().findOne(Source, by);
  if (source === null) return null;
  const channel = channelOf(desk, source);
  desk.channelCache.set(channel);
  return channel;
}

/** Keeps the answer of getMe, so that the next start needs no network. */
export async function rememberBot(
  desk: Desk,
  sourceId: SourceId,
  botInfo: { id: number; username: string } & Record<string, unknown>,
): Promise<void> {
  await desk.store.write((tx) => tx.em.nativeUpdate(Source, { id: sourceId }, { botInfo }));
  desk.channelCache.clear();
}

function channelOf(desk: Desk, source: Source): Channel {
  const secret = source.sealedSecret ? desk.seal.open(secretPlace(source.id), source.sealedSecret) : '';
  return {
    id: source.id,
    code: source.code,
    kind: source.kind,
    isActive: source.isActive,
    telegram:
      source.kind === 'telegram'
        ? {
            token: secret,
            mode: source.telegramMode ?? 'polling',
            apiRoot: source.apiRoot ?? null,
            botInfo: source.botInfo ?? null,
            webhookSecret: desk.seal.fingerprint(`webhook:${secret}`),
          }
        : null,
    webhook:
      source.kind === 'webhook'
        ? {
            callbackUrl: source.callbackUrl ?? null,
            secret,
            auth: source.webhookAuth ?? 'bearer',
            mapping: source.mapping ?? {},
          }
        : null,
  };
}
