import type { z } from 'zod';

/** The words of a command were not understood. */
export class UsageFault extends Error {}

/** What `read` makes of the words of a command; whatever it throws says what was not understood: UsageFault. */
export function understand<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : String(error));
  }
}

/** The options of a command as their schema has them. Throws UsageFault with a line for each that is wrong. */
export function checkOptions<T extends z.ZodType>(schema: T, options: object): z.infer<T> {
  const read = schema.safeParse(options);
  if (read.success) return read.data;
  throw new UsageFault(
    read.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`).join('\n'),
  );
}
