import { defineEntity, p } from '@mikro-orm/core';
import type { Strategy } from '../../contract/decision.ts';
import type { SourceId } from '../../contract/ids.ts';
import type {
  HookMapping,
  OnOffline,
  ReturnPolicy,
  SourceKind,
  TelegramMode,
  WebhookAuth,
} from '../../contract/source.ts';

export const SourceSchema = defineEntity({
  name: 'Source',
  tableName: 'source',
  properties: {
    id: p.bigint('number').primary().$type<SourceId>(),
    name: p.text(),
    code: p.string().length(64).unique(),
    kind: p.string().$type<SourceKind>(),
    isActive: p.boolean(),
    strategy: p.string().$type<Strategy>(),
    returnPolicy: p.string().$type<ReturnPolicy['kind']>(),
    requirePresence: p.boolean(),
    greeting: p.text().nullable(),
    // Sealed by store/seal.ts: a bot token, or the secret of a webhook.
    sealedSecret: p.text().nullable(),
    secretHint: p.string().nullable(),
    // A keyed hash of the bot token: one token belongs to one source.
    tokenFingerprint: p.string().nullable().unique(),
    telegramMode: p.string().$type<TelegramMode>().nullable(),
    apiRoot: p.text().nullable(),
    // The answer of getMe, so that a start needs no network.
    botInfo: p.json<Record<string, unknown>>().nullable(),
    webhookAuth: p.string().$type<WebhookAuth>().nullable(),
    callbackUrl: p.text().nullable(),
    mapping: p.json<HookMapping>().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    // Greetings by language; `greeting` is for everybody else.
    greetings: p.json<Record<string, string>>().nullable(),
    // Whose contacts go first where an operator serves several sources.
    priority: p.integer().default(0),
    // For so long after a contact was closed, a message of its lead opens it again.
    reopenMinutes: p.integer().default(0),
    // How long an operator has to accept what routing gives; 0: nothing is offered, it is given.
    offerSeconds: p.integer().default(0),
    // What becomes of the contacts of an operator who goes offline.
    onOffline: p.string().$type<OnOffline>().default('keep'),
    // What the bot says of the place in the queue, for everybody else and by language; null: nothing.
    queueNotice: p.text().nullable(),
    queueNotices: p.json<Record<string, string>>().nullable(),
    // While a webhook's secret is being replaced, the one before counts as well until then.
    previousSealedSecret: p.text().nullable(),
    previousSecretUntil: p.datetime().nullable(),
    // Messages of a webhook a minute; null: as many as any source may.
    rateLimit: p.integer().nullable(),
    // So many days after it was closed, what was said in a contact is erased; null: never.
    retentionDays: p.integer().nullable(),
  },
});
export class Source extends SourceSchema.class {}
SourceSchema.setClass(Source);
