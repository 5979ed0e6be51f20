import { z } from 'zod';
import { text } from './text.ts';

/** A whole number as a query has it, in digits alone; what else JavaScript takes for a number is refused. */
export function queryNumber<T extends z.ZodType<unknown, number>>(schema: T) {
  return z.preprocess(
    (given) => (typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : given),
    schema,
  );
}

/** What every list takes. `cursor` is opaque: it comes from the page before. */
export const PageQuery = z.strictObject({
  limit: queryNumber(z.int().min(1).max(200)).default(50),
  cursor: text(200).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

export type Page<T> = { items: T[]; next_cursor: string | null };

/** The answer of a list of `item`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}
