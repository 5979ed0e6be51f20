import { z } from 'zod';

export const Alive = z.object({ status: z.literal('ok') }).meta({ id: 'Alive' });

/** Whether requests may come; each check says `ok` or why not. */
export const Readiness = z
  .object({ status: z.enum(['ready', 'not-ready']), checks: z.record(z.string(), z.string()) })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof Readiness>;
