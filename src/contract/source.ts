import { z } from 'zod';
import { RefusalReason, Strategy } from './decision.ts';
import { OperatorId, SourceId } from './ids.ts';
import { Weight } from './operator.ts';
import { PageQuery, pageOf } from './page.ts';
import { RateLimit } from './rate.ts';
import { filled, LanguageTag, Name, text, Timestamp } from './text.ts';

export const SourceKind = z.enum(['telegram', 'webhook', 'api']);
export type SourceKind = z.infer<typeof SourceKind>;

/** At least one letter, so that it is never taken for an id. */
export const SourceCode = z
  .string()
  .regex(/^(?=.*[a-z])[a-z0-9_-]{1,64}$/, 'must be 1 to 64 of a-z 0-9 _ - with at least one letter');

/** An id or a code, as it stands in a path. */
export const SourceRef = z
  .string()
  .regex(/^(?:[1-9][0-9]{0,15}|(?=.*[a-z])[a-z0-9_-]{1,64})$/, 'must be the id or the code of a source');

export const ReturnPolicy = z.strictObject({ kind: z.enum(['route', 'prefer_last']) });
export type ReturnPolicy = z.infer<typeof ReturnPolicy>;

export const TelegramMode = z.enum(['polling', 'webhook']);
export type TelegramMode = z.infer<typeof TelegramMode>;

export const WebhookAuth = z.enum(['bearer', 'standard']);
export type WebhookAuth = z.infer<typeof WebhookAuth>;

export const HookField = z.enum([
  'external_id',
  'text',
  'id',
  'name',
  'phone',
  'email',
  'language',
  'attachments',
]);
export type HookField = z.infer<typeof HookField>;

const JsonPointer = text(500).regex(/^(?:\/(?:[^~/]|~0|~1)*)*$/, 'must be a JSON Pointer (RFC 6901)');
/** Where each of our fields stands in the body of a foreign system. */
export const HookMapping = z.partialRecord(HookField, JsonPointer);
export type HookMapping = z.infer<typeof HookMapping>;

const HttpUrl = text(2048).pipe(z.url({ protocol: /^https?$/ }));
const BotToken = z
  .string()
  .regex(/^\d{1,20}:[A-Za-z0-9_-]{20,100}$/, 'must be a bot token as BotFather gives it');
const Greeting = filled(4096);
/** The tag of a language in small letters, as greetings are looked up by. */
const GreetingLanguage = LanguageTag.regex(/^[^A-Z]*$/, 'must be in small letters, like en or pt-br');
/** Greetings by language; a lead of `pt-BR` is greeted by `pt-br`, else by `pt`, else by `greeting`. */
export const Greetings = z.record(GreetingLanguage, Greeting).meta({
  description: 'By language, as tags in small letters (`ru`, `pt-br`); `greeting` is for everybody else',
});
export type Greetings = z.infer<typeof Greetings>;

/** Whose contacts an operator of several sources gets first: those of the higher one. */
export const Priority = z.int().min(0).max(1000);

/** For so long after a contact was closed, a message of its lead opens it again; 0: it opens a new one. */
export const ReopenMinutes = z.int().min(0).max(43_200);

/** How long an operator has to accept what routing gives; 0: nothing has to be accepted. */
export const OfferSeconds = z.int().min(0).max(3600);

/** What becomes of the contacts of an operator who goes offline: they stay, wait again, or are given to others. */
export const OnOffline = z.enum(['keep', 'requeue', 'hand_over']);
export type OnOffline = z.infer<typeof OnOffline>;

/** So many days after a contact was closed, what was said in it is erased; null: it is kept. */
export const RetentionDays = z.int().min(1).max(3650).nullable();

const QueueNotice = filled(4096).refine(
  (notice) => notice.includes('{place}'),
  'must say where {place} goes',
);
/** What the bot says of the place in the queue, by language, as greetings are looked up. */
export const QueueNotices = z.record(GreetingLanguage, QueueNotice).meta({
  description: 'By language, as tags in small letters (`ru`, `pt-br`); `queue_notice` is for everybody else',
});

export const Source = z
  .object({
    id: SourceId,
    name: z.string(),
    code: SourceCode,
    kind: SourceKind,
    is_active: z.boolean(),
    strategy: Strategy,
    return_policy: ReturnPolicy,
    require_presence: z.boolean(),
    priority: Priority,
    reopen_minutes: ReopenMinutes,
    offer_seconds: OfferSeconds,
    on_offline: OnOffline,
    greeting: z.string().nullable(),
    greetings: z.record(z.string(), z.string()),
    queue_notice: z.string().nullable(),
    queue_notices: z.record(z.string(), z.string()),
    retention_days: RetentionDays,
    telegram: z
      .object({
        mode: TelegramMode,
        bot_username: z.string().nullable(),
        token_hint: z.string(),
        api_root: z.string().nullable(),
      })
      .optional(),
    webhook: z
      .object({
        auth: WebhookAuth,
        callback_url: z.string().nullable(),
        mapping: HookMapping,
        secret_hint: z.string(),
        /** The secret before this one counts until then as well. */
        previous_secret_until: Timestamp.nullable(),
        rate_limit: RateLimit,
      })
      .optional(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Source' });
export type Source = z.infer<typeof Source>;

/** What an operator may see of a source. */
export const SourceBrief = Source.pick({
  id: true,
  name: true,
  code: true,
  kind: true,
  is_active: true,
}).meta({ id: 'SourceBrief' });
export type SourceBrief = z.infer<typeof SourceBrief>;

/** A source as its viewer may see it. */
export const SourceView = z.union([Source, SourceBrief]);
export type SourceView = z.infer<typeof SourceView>;
export const SourcePage = pageOf(SourceView).meta({ id: 'SourcePage' });

/** A new source; a webhook's secret stands in this answer alone, as `webhook.secret`. */
export const CreatedSource = Source.extend({
  webhook: Source.shape.webhook.unwrap().extend({ secret: z.string() }).optional(),
}).meta({ id: 'CreatedSource' });
export type CreatedSource = z.infer<typeof CreatedSource>;

const TelegramCreate = z.strictObject({
  token: BotToken,
  mode: TelegramMode.default('polling'),
  api_root: HttpUrl.nullish(),
});
const WebhookSettings = z.strictObject({
  callback_url: HttpUrl.nullish(),
  auth: WebhookAuth.optional(),
  mapping: HookMapping.optional(),
  rate_limit: RateLimit.optional(),
});

export const SourceCreate = z
  .strictObject({
    name: Name,
    code: SourceCode,
    kind: SourceKind.default('api'),
    is_active: z.boolean().default(true),
    strategy: Strategy.default('weighted_random'),
    return_policy: ReturnPolicy.default({ kind: 'route' }),
    require_presence: z.boolean().default(false),
    priority: Priority.default(0),
    reopen_minutes: ReopenMinutes.default(0),
    offer_seconds: OfferSeconds.default(0),
    on_offline: OnOffline.default('keep'),
    greeting: Greeting.nullish(),
    greetings: Greetings.optional(),
    queue_notice: QueueNotice.nullish(),
    queue_notices: QueueNotices.optional(),
    retention_days: RetentionDays.optional(),
    telegram: TelegramCreate.optional(),
    webhook: WebhookSettings.optional(),
  })
  .superRefine((source, ctx) => {
    if (source.kind === 'telegram' && source.telegram === undefined)
      ctx.addIssue({ code: 'custom', path: ['telegram'], message: 'a telegram source needs its bot token' });
    if (source.kind !== 'telegram' && source.telegram !== undefined)
      ctx.addIssue({ code: 'custom', path: ['telegram'], message: 'goes with kind: telegram' });
    if (source.kind !== 'webhook' && source.webhook !== undefined)
      ctx.addIssue({ code: 'custom', path: ['webhook'], message: 'goes with kind: webhook' });
  });
export type SourceCreate = z.infer<typeof SourceCreate>;

export const SourceUpdate = z.strictObject({
  name: Name.optional(),
  code: SourceCode.optional(),
  is_active: z.boolean().optional(),
  strategy: Strategy.optional(),
  return_policy: ReturnPolicy.optional(),
  require_presence: z.boolean().optional(),
  priority: Priority.optional(),
  reopen_minutes: ReopenMinutes.optional(),
  offer_seconds: OfferSeconds.optional(),
  on_offline: OnOffline.optional(),
  greeting: Greeting.nullish(),
  /** Takes the place of all that were there. */
  greetings: Greetings.optional(),
  queue_notice: QueueNotice.nullish(),
  /** Takes the place of all that were there. */
  queue_notices: QueueNotices.optional(),
  retention_days: RetentionDays.optional(),
  telegram: z
    .strictObject({ token: BotToken.optional(), mode: TelegramMode.optional(), api_root: HttpUrl.nullish() })
    .optional(),
  webhook: WebhookSettings.optional(),
});
export type SourceUpdate = z.infer<typeof SourceUpdate>;

/** A new secret of a webhook; the one before counts as well for so many hours. */
export const SecretRotate = z.strictObject({ overlap_hours: z.int().min(0).max(168).default(24) });
export type SecretRotate = z.infer<typeof SecretRotate>;

/** The only answer that ever holds the secret. */
export const RotatedSecret = z
  .object({ secret: z.string(), secret_hint: z.string(), previous_secret_until: Timestamp.nullable() })
  .meta({ id: 'RotatedSecret' });
export type RotatedSecret = z.infer<typeof RotatedSecret>;

export const OperatorWeights = z.strictObject({
  operator_weights: z.array(z.strictObject({ operator_id: OperatorId, weight: Weight })).max(10_000),
});
export type OperatorWeights = z.infer<typeof OperatorWeights>;

/** `share` = weight / sum of weights above 0, eligible or not. */
export const SourceOperator = z
  .object({
    operator_id: OperatorId,
    operator_name: z.string(),
    weight: Weight,
    share: z.number().min(0).max(1),
    is_active: z.boolean(),
    load: z.int().min(0),
    max_load: z.int().min(0),
    eligible: z.boolean(),
    reason: RefusalReason.nullable(),
  })
  .meta({ id: 'SourceOperator' });
export type SourceOperator = z.infer<typeof SourceOperator>;

/** The whole set of a source's operators, by operator id. */
export const SourceOperatorPage = pageOf(SourceOperator).meta({ id: 'SourceOperatorPage' });

export const SourceState = z.enum([
  'stopped',
  'starting',
  'running',
  'conflict',
  'unauthorized',
  'unreachable',
]);
export type SourceState = z.infer<typeof SourceState>;

/** What a person can do about a source that does not do well; `text` in English, clients translate by `code`. */
export const Advice = z
  .object({
    code: z.enum([
      'token-refused',
      'polled-elsewhere',
      'webhook-elsewhere',
      'cannot-reach-server',
      'needs-public-url',
      'webhook-fails',
      'not-committed',
    ]),
    text: z.string(),
  })
  .meta({ id: 'Advice' });
export type Advice = z.infer<typeof Advice>;

/** A source of kind `webhook` or `api` is `running` while it is active. */
export const SourceHealth = z
  .object({
    state: SourceState,
    mode: TelegramMode.nullable(),
    bot_username: z.string().nullable(),
    last_update_at: Timestamp.nullable(),
    last_error: z.string().nullable(),
    last_error_at: Timestamp.nullable(),
    /** What the channel keeps for us: of a bot in webhook mode, as Telegram tells it. */
    pending_updates: z.int().min(0).nullable(),
    advice: Advice.nullable(),
    /** The gateway that serves the source now, among those that share the database. */
    gateway: z.string().nullable(),
  })
  .meta({ id: 'SourceHealth' });
export type SourceHealth = z.infer<typeof SourceHealth>;

export const SourceQuery = PageQuery;
