import { z } from 'zod';
import type { AuditFilter } from '../../../src/contract/audit.ts';

export const auditPeriods = ['day', 'week', 'month', 'ever'] as const;
type AuditPeriod = (typeof auditPeriods)[number];

const DAY_MS = 24 * 3_600_000;
const days: Record<AuditPeriod, number | null> = { day: 1, week: 7, month: 30, ever: null };

const Text = z.string().min(1).max(100).optional().catch(undefined);

/** What filters the audit log lives in the URL. */
export const AuditSearch = z.object({
  actor: Text,
  action: Text,
  subject: Text,
  period: z.enum(auditPeriods).optional().catch(undefined),
});
export type AuditSearch = z.infer<typeof AuditSearch>;

/** What the gateway is asked for; without a period it is the last month. */
export function filterOf({ period = 'month', ...texts }: AuditSearch, now: number): AuditFilter {
  const back = days[period];
  return { ...texts, from: back === null ? undefined : new Date(now - back * DAY_MS).toISOString() };
}
