import type { ConfigOperator, ConfigSource } from '../contract/config-file.ts';
import type { Operator } from '../store/entities/operator.ts';
import type { Source } from '../store/entities/source.ts';

/** A source in the words of a file, but for its weights. */
export type SourceSettings = Omit<ConfigSource, 'weights'>;

/** An operator in the words of a file, without runtime states. */
export function operatorEntry(row: Operator): ConfigOperator {
  return {
    name: row.name,
    ...(row.email && { email: row.email }),
    role: row.role,
    max_load: row.maxLoad,
    is_active: row.isActive,
  };
}

/** A source in the words of a file, without any secret. */
export function sourceSettings(row: Source): SourceSettings {
  const greetings = sorted(row.greetings ?? {});
  const notices = sorted(row.queueNotices ?? {});
  return {
    code: row.code,
    name: row.name,
    kind: row.kind,
    is_active: row.isActive,
    strategy: row.strategy,
    return_policy: { kind: row.returnPolicy },
    require_presence: row.requirePresence,
    priority: row.priority,
    reopen_minutes: row.reopenMinutes,
    offer_seconds: row.offerSeconds,
    on_offline: row.onOffline,
    ...(row.greeting && { greeting: row.greeting }),
    ...(Object.keys(greetings).length > 0 && { greetings }),
    ...(row.queueNotice && { queue_notice: row.queueNotice }),
    ...(Object.keys(notices).length > 0 && { queue_notices: notices }),
    ...(row.retentionDays && { retention_days: row.retentionDays }),
    ...(row.kind === 'telegram' && {
      telegram: { mode: row.telegramMode ?? 'polling', api_root: row.apiRoot ?? null },
    }),
    ...(row.kind === 'webhook' && {
      webhook: {
        auth: row.webhookAuth ?? 'bearer',
        callback_url: row.callbackUrl ?? null,
        mapping: sorted(row.mapping ?? {}),
        ...(row.rateLimit && { rate_limit: row.rateLimit }),
      },
    }),
  };
}

/** PostgreSQL keeps the keys of JSON in an order of its own. */
function sorted<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => inOrder(a, b))) as T;
}

/** By code units: the same wherever it runs, which the order of a language is not. */
export function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
