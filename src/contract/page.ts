import { z } from 'zod';
import { text } from './text.ts';

/** What every list takes. `cursor` is opaque: it comes from the page before. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: text(200).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

export type Page<T> = { items: T[]; next_cursor: string | null };

/** The answer of a list of `item`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}
