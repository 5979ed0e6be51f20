import { z } from 'zod';
import { AuditEntryId } from './ids.ts';
import { PageQuery, pageOf } from './page.ts';
import { filled, Timestamp } from './text.ts';

/** Of `before` and `after` only what differs stands here, and no secret. */
export const AuditEntry = z
  .object({
    id: AuditEntryId,
    at: Timestamp,
    /** `operator:7`, `token:3`, `command-line`, `system`, `anonymous`. */
    actor: z.string(),
    /** With what the actor proved itself: `session:9`, `token:3`. */
    credential: z.string().nullable(),
    /** From which address it came. */
    address: z.string().nullable(),
    /** `operator.changed` and the like. */
    action: z.string(),
    /** `operator:7`. */
    subject: z.string(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;
export const AuditPage = pageOf(AuditEntry).meta({ id: 'AuditPage' });

/** What all filters of the log have in common. `from` and `to` are half-open. */
export const AuditFilter = z.strictObject({
  actor: filled(100).optional(),
  action: filled(100).optional(),
  subject: filled(100).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const AuditQuery = PageQuery.extend(AuditFilter.shape);
export type AuditQuery = z.infer<typeof AuditQuery>;
