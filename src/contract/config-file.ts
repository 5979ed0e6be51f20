import { z } from 'zod';
import { Role } from './access.ts';
import { Strategy } from './decision.ts';
import { MaxLoad, Weight } from './operator.ts';
import {
  OfferSeconds,
  OnOffline,
  Priority,
  ReopenMinutes,
  ReturnPolicy,
  SourceCode,
  SourceKind,
  SourceUpdate,
  TelegramMode,
  WebhookAuth,
} from './source.ts';
import { Email, filled, Name } from './text.ts';

// The rules of REST hold here, too.
const {
  greeting,
  greetings,
  queue_notice: queueNotice,
  queue_notices: queueNotices,
  retention_days: retentionDays,
  telegram,
  webhook,
} = SourceUpdate.shape;
const { api_root: apiRoot } = telegram.unwrap().shape;
const { callback_url: callbackUrl, mapping, rate_limit: rateLimit } = webhook.unwrap().shape;

/** An entry says all of its operator: whoever has no `email` in the file has none. */
const ConfigOperator = z.strictObject({
  name: Name,
  email: Email.transform((email) => email.toLowerCase()).optional(),
  role: Role,
  max_load: MaxLoad,
  is_active: z.boolean(),
});
export type ConfigOperator = z.infer<typeof ConfigOperator>;

/** By the key of an operator. A map, because an object can hold no `__proto__`, and people may be called anything. */
const ConfigWeights = z.preprocess(
  (value) => (isPlainObject(value) ? new Map(Object.entries(value)) : value),
  z.map(filled(254), Weight, 'must name weights by the keys of operators'),
);

/** An entry says all of its source but the secret: one without a `greeting` has none. */
const ConfigSource = z
  .strictObject({
    code: SourceCode,
    name: Name,
    kind: SourceKind,
    is_active: z.boolean(),
    strategy: Strategy,
    return_policy: ReturnPolicy,
    require_presence: z.boolean(),
    priority: Priority,
    reopen_minutes: ReopenMinutes,
    offer_seconds: OfferSeconds,
    on_offline: OnOffline,
    greeting,
    greetings,
    queue_notice: queueNotice,
    queue_notices: queueNotices,
    retention_days: retentionDays,
    telegram: z.strictObject({ mode: TelegramMode, api_root: apiRoot }).optional(),
    webhook: z
      .strictObject({ auth: WebhookAuth, callback_url: callbackUrl, mapping, rate_limit: rateLimit })
      .optional(),
    weights: ConfigWeights,
  })
  .superRefine(checkSections, { when: always });
export type ConfigSource = z.infer<typeof ConfigSource>;

/**
 * What the command line exports and imports: sources without their secrets, operators, weights. An operator is known
 * by its key, see `operatorKey`; runtime states are no part of it.
 */
export const ConfigFile = z
  .strictObject({
    version: z.literal(1, 'must be 1, the only form that this version of Leadgate reads'),
    operators: z.array(ConfigOperator),
    sources: z.array(ConfigSource),
  })
  .superRefine(checkRepetitions, { when: always });
export type ConfigFile = z.infer<typeof ConfigFile>;

/** How a file names an operator: by e-mail, which is unique, or by name where there is none. */
export function operatorKey({ name, email }: Pick<ConfigOperator, 'name' | 'email'>): string {
  return email ?? name;
}

// Those below look at what may be malformed elsewhere: all faults of a file are told at once.
function always(): boolean {
  return true;
}

const Sections = z.object({
  kind: SourceKind,
  telegram: z.unknown().optional(),
  webhook: z.unknown().optional(),
});

function checkSections(value: unknown, ctx: z.RefinementCtx): void {
  const source = Sections.safeParse(value);
  if (!source.success) return;
  for (const kind of ['telegram', 'webhook'] as const) {
    const isThere = source.data[kind] !== undefined;
    if (isThere === (source.data.kind === kind)) continue;
    const message = isThere ? `goes with kind: ${kind}` : `a source of kind ${kind} needs these settings`;
    ctx.addIssue({ code: 'custom', path: [kind], message });
  }
}

const Keyed = z.object({ name: z.string(), email: z.string().optional() });
const Coded = z.object({ code: z.string() });
const Lists = z.object({
  operators: z.array(z.unknown()).catch([]),
  sources: z.array(z.unknown()).catch([]),
});

function checkRepetitions(value: unknown, ctx: z.RefinementCtx): void {
  const lists = Lists.safeParse(value);
  if (!lists.success) return;
  const keys = lists.data.operators.map((operator) => Keyed.transform(operatorKey).safeParse(operator).data);
  const codes = lists.data.sources.map((source) => Coded.safeParse(source).data?.code);
  for (const [list, names, what] of [
    ['operators', keys, 'operator'],
    ['sources', codes, 'source'],
  ] as const)
    for (const [index, name] of names.entries())
      if (name !== undefined && names.indexOf(name) < index)
        ctx.addIssue({
          code: 'custom',
          path: [list, index],
          message: `${what} ${JSON.stringify(name)} is named twice`,
        });
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
