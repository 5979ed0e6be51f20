import type { SourceKind, TelegramMode, WebhookAuth } from '../../../src/contract/source.ts';
import type { NewSource } from '../api/admin-calls.ts';

/** What is typed into the form of a new source; blank means left out. */
export type SourceDraft = {
  kind: SourceKind;
  name: string;
  code: string;
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
  token: '',
  mode: 'polling',
  apiRoot: '',
  callbackUrl: '',
  auth: 'bearer',
};

/** The fields of each kind, by the names that the gateway's faults have. */
export const fieldsOf: Record<SourceKind, readonly string[]> = {
  telegram: ['name', 'code', 'token', 'mode', 'api_root'],
  webhook: ['name', 'code', 'callback_url'],
  api: ['name', 'code'],
};

export function bodyOf(draft: SourceDraft): NewSource {
  const { kind, mode, auth } = draft;
  const common = { kind, name: draft.name.trim(), code: draft.code.trim() };
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

function filled(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}
