import type { SourceId } from '../contract/ids.ts';
import { seededChance } from './seeded.ts';
import type { SimulatedContact } from './simulated-floor.ts';

/** Milliseconds all; `rate` in contacts a millisecond. */
export type SyntheticLoad = Readonly<{
  sourceIds: readonly SourceId[];
  rate: number;
  meanHandling: number;
  duration: number;
  seed: number;
}>;

// The contacts themselves draw by the streams from 1 on.
const STREAM = 0;

/**
 * Contacts that come by themselves: a Poisson process, each of a source that chance chooses among all alike, with an
 * exponential handling time. The same for the same seed.
 */
export function* syntheticLoad(load: SyntheticLoad): Generator<SimulatedContact, void> {
  const { sourceIds, rate, meanHandling, duration, seed } = load;
  const chance = seededChance(seed, STREAM);
  const exponential = (mean: number) => -Math.log(1 - chance()) * mean;
  for (let at = exponential(1 / rate); at < duration; at += exponential(1 / rate)) {
    const sourceId = sourceIds[Math.floor(chance() * sourceIds.length)]!;
    yield { sourceId, at, handling: exponential(meanHandling) };
  }
}
