import type { z } from 'zod';
import type { Strategy } from '../../../src/contract/decision.ts';
import type {
  OnOffline,
  Source,
  SourceCreate,
  SourceKind,
  SourceUpdate,
  TelegramMode,
  WebhookAuth,
} from '../../../src/contract/source.ts';
import { keptOf, type Texts } from './texts.ts';

/** What is typed into the form of a source; blank means left out, a blank token that the present one stays. */
export type SourceDraft = {
  kind: SourceKind;
  name: string;
  code: string;
  strategy: Strategy;
  onOffline: OnOffline;
  offerSeconds: number | '';
  reopenMinutes: number | '';
  priority: number | '';
  /** Blank: what was said is kept. */
  retentionDays: number | '';
  greeting: string;
  greetings: Texts;
  queueNotice: string;
  queueNotices: Texts;
  token: string;
  mode: TelegramMode;
  apiRoot: string;
  callbackUrl: string;
  auth: WebhookAuth;
  rateLimit: number | '';
};

export const emptyDraft: SourceDraft = {
  kind: 'telegram',
  name: '',
  code: '',
  strategy: 'weighted_random',
  onOffline: 'keep',
  offerSeconds: 0,
  reopenMinutes: 0,
  priority: 0,
  retentionDays: '',
  greeting: '',
  greetings: {},
  queueNotice: '',
  queueNotices: {},
  token: '',
  mode: 'polling',
  apiRoot: '',
  callbackUrl: '',
  auth: 'bearer',
  rateLimit: '',
};

const ofEvery = [
  'name',
  'code',
  'strategy',
  'on_offline',
  'offer_seconds',
  'reopen_minutes',
  'priority',
  'retention_days',
  'greeting',
  'greetings',
  'queue_notice',
  'queue_notices',
] as const;

/** The fields of each kind, by the names that the gateway's faults have. */
export const fieldsOf: Record<SourceKind, readonly string[]> = {
  telegram: [...ofEvery, 'token', 'mode', 'api_root'],
  webhook: [...ofEvery, 'callback_url', 'rate_limit'],
  api: ofEvery,
};

export function draftOf({ telegram, webhook, ...source }: Source): SourceDraft {
  return {
    ...emptyDraft,
    kind: source.kind,
    name: source.name,
    code: source.code,
    strategy: source.strategy,
    onOffline: source.on_offline,
    offerSeconds: source.offer_seconds,
    reopenMinutes: source.reopen_minutes,
    priority: source.priority,
    retentionDays: source.retention_days ?? '',
    greeting: source.greeting ?? '',
    greetings: source.greetings,
    queueNotice: source.queue_notice ?? '',
    queueNotices: source.queue_notices,
    mode: telegram?.mode ?? emptyDraft.mode,
    apiRoot: telegram?.api_root ?? '',
    callbackUrl: webhook?.callback_url ?? '',
    auth: webhook?.auth ?? emptyDraft.auth,
    rateLimit: webhook?.rate_limit ?? '',
  };
}

export function bodyOf(draft: SourceDraft): z.input<typeof SourceCreate> {
  const { kind, mode, auth } = draft;
  const common = {
    kind,
    name: draft.name.trim(),
    code: draft.code.trim(),
    strategy: draft.strategy,
    greeting: filled(draft.greeting),
    greetings: keptOf(draft.greetings),
    queue_notice: filled(draft.queueNotice),
    queue_notices: keptOf(draft.queueNotices),
  };
  switch (kind) {
    case 'telegram':
      return {
        ...common,
        telegram: { token: draft.token.trim(), mode, api_root: filled(draft.apiRoot) },
      };
    case 'webhook':
      return {
        ...common,
        webhook: {
          auth,
          callback_url: filled(draft.callbackUrl),
          rate_limit: draft.rateLimit === '' ? null : draft.rateLimit,
        },
      };
    case 'api':
      return common;
  }
}

/** What of a source is to be changed; null when nothing is. */
export function changesOf(source: Source, draft: SourceDraft): SourceUpdate | null {
  const held = draftOf(source);
  const changes: SourceUpdate = {
    ...(draft.name.trim() !== held.name && { name: draft.name.trim() }),
    ...(draft.strategy !== held.strategy && { strategy: draft.strategy }),
    ...(draft.onOffline !== held.onOffline && { on_offline: draft.onOffline }),
    ...changedNumbers(source, draft),
    ...changedTexts(held, draft),
  };
  const telegram = {
    ...(draft.token.trim() !== '' && { token: draft.token.trim() }),
    ...(draft.mode !== held.mode && { mode: draft.mode }),
    ...(draft.apiRoot.trim() !== held.apiRoot && { api_root: filled(draft.apiRoot) ?? null }),
  };
  const webhook = {
    ...(draft.auth !== held.auth && { auth: draft.auth }),
    ...(draft.callbackUrl.trim() !== held.callbackUrl && { callback_url: filled(draft.callbackUrl) ?? null }),
    ...(draft.rateLimit !== held.rateLimit && {
      rate_limit: draft.rateLimit === '' ? null : draft.rateLimit,
    }),
  };
  if (Object.keys(telegram).length > 0) changes.telegram = telegram;
  if (Object.keys(webhook).length > 0) changes.webhook = webhook;
  return Object.keys(changes).length === 0 ? null : changes;
}

/** The numbers that are changed; a blank one is 0, and of days for which words are kept it is none. */
function changedNumbers(source: Source, draft: SourceDraft): SourceUpdate {
  const typed = {
    offer_seconds: draft.offerSeconds || 0,
    reopen_minutes: draft.reopenMinutes || 0,
    priority: draft.priority || 0,
    retention_days: draft.retentionDays === '' ? null : draft.retentionDays,
  };
  return Object.fromEntries(
    Object.entries(typed).filter(([field, value]) => value !== source[field as keyof typeof typed]),
  );
}

/** What the bot says that is changed; a blank text is none. */
function changedTexts(held: SourceDraft, draft: SourceDraft): SourceUpdate {
  const [greetings, queueNotices] = [keptOf(draft.greetings), keptOf(draft.queueNotices)];
  return {
    ...(draft.greeting.trim() !== held.greeting.trim() && { greeting: filled(draft.greeting) ?? null }),
    ...(!areSame(greetings, keptOf(held.greetings)) && { greetings }),
    ...(draft.queueNotice.trim() !== held.queueNotice.trim() && {
      queue_notice: filled(draft.queueNotice) ?? null,
    }),
    ...(!areSame(queueNotices, keptOf(held.queueNotices)) && { queue_notices: queueNotices }),
  };
}

function areSame(one: Texts, other: Texts): boolean {
  const tags = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...tags].every((tag) => one[tag] === other[tag]);
}

function filled(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}
