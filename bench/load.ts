import { openWire, type Post } from './wire.ts';

type Load = { next: () => Post; expected: number; connections: number; seconds: number };

/**
 * Keeps `connections` requests under way for `seconds` and answers how many were committed a second. Any other status
 * than the expected one ends it: a rate with refusals in it means nothing.
 */
export async function load({ next, expected, connections, seconds }: Load): Promise<number> {
  using wire = openWire();
  const start = performance.now();
  const end = start + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        await wire.post(next(), expected);
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - start) / 1000);
}
