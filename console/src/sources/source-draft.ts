import type { z } from 'zod';
import type { Strategy } from '../../../src/contract/decision.ts';
import type {
  Source,
  SourceCreate,
  SourceKind,
  SourceUpdate,
  TelegramMode,
  WebhookAuth,
} from '../../../src/contract/source.ts';
import { greetingsOf, type Greetings } from './greetings.ts';

/** What is typed into the form of a source; blank means left out, a blank token that the present one stays. */
export type SourceDraft = {
  kind: SourceKind;
  name: string;
  code: string;
  strategy: Strategy;
  offerSeconds: number | '';
  reopenMinutes: number | '';
  priority: number | '';
  greeting: string;
  greetings: Greetings;
  token: string;
  mode: TelegramMode;
  apiRoot: string;
  callbackUrl: string;
  auth: WebhookAuth;
};

export const emptyDraft: SourceDraft = {
  kind: 'telegram',
  name: '',
  code: '',
  strategy: 'weighted_random',
  offerSeconds: 0,
  reopenMinutes: 0,
  priority: 0,
  greeting: '',
  greetings: {},
  token: '',
  mode: 'polling',
  apiRoot: '',
  callbackUrl: '',
  auth: 'bearer',
};

const ofEvery = [
  'name',
  'code',
  'strategy',
  'offer_seconds',
  'reopen_minutes',
  'priority',
  'greeting',
] as const;

/** The fields of each kind, by the names that the gateway's faults have. */
export const fieldsOf: Record<SourceKind, readonly string[]> = {
  telegram: [...ofEvery, 'token', 'mode', 'api_root'],
  webhook: [...ofEvery, 'callback_url'],
  api: ofEvery,
};

export function draftOf({ telegram, webhook, ...source }: Source): SourceDraft {
  return {
    ...emptyDraft,
    kind: source.kind,
    name: source.name,
    code: source.code,
    strategy: source.strategy,
    offerSeconds: source.offer_seconds,
    reopenMinutes: source.reopen_minutes,
    priority: source.priority,
    greeting: source.greeting ?? '',
    greetings: source.greetings,
    mode: telegram?.mode ?? emptyDraft.mode,
    apiRoot: telegram?.api_root ?? '',
    callbackUrl: webhook?.callback_url ?? '',
    auth: webhook?.auth ?? emptyDraft.auth,
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
    greetings: greetingsOf(draft.greetings),
  };
  switch (kind) {
    case 'telegram':
      return {
        ...common,
        telegram: { token: draft.token.trim(), mode, api_root: filled(draft.apiRoot) },
      };
    case 'webhook':
      return { ...common, webhook: { auth, callback_url: filled(draft.callbackUrl) } };
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
    ...changedNumbers(source, draft),
    ...(draft.greeting.trim() !== held.greeting.trim() && { greeting: filled(draft.greeting) ?? null }),
    ...(!areSame(greetingsOf(draft.greetings), greetingsOf(held.greetings)) && {
      greetings: greetingsOf(draft.greetings),
    }),
  };
  const telegram = {
    ...(draft.token.trim() !== '' && { token: draft.token.trim() }),
    ...(draft.mode !== held.mode && { mode: draft.mode }),
    ...(draft.apiRoot.trim() !== held.apiRoot && { api_root: filled(draft.apiRoot) ?? null }),
  };
  const webhook = {
    ...(draft.auth !== held.auth && { auth: draft.auth }),
    ...(draft.callbackUrl.trim() !== held.callbackUrl && { callback_url: filled(draft.callbackUrl) ?? null }),
  };
  if (Object.keys(telegram).length > 0) changes.telegram = telegram;
  if (Object.keys(webhook).length > 0) changes.webhook = webhook;
  return Object.keys(changes).length === 0 ? null : changes;
}

/** The numbers that are changed; a blank one is 0. */
function changedNumbers(source: Source, draft: SourceDraft): SourceUpdate {
  const typed = {
    offer_seconds: draft.offerSeconds || 0,
    reopen_minutes: draft.reopenMinutes || 0,
    priority: draft.priority || 0,
  };
  return Object.fromEntries(
    Object.entries(typed).filter(([field, value]) => value !== source[field as keyof typeof typed]),
  );
}

function areSame(one: Greetings, other: Greetings): boolean {
  const tags = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...tags].every((tag) => one[tag] === other[tag]);
}

function filled(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}
