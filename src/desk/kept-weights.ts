import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SourceId } from '../contract/ids.ts';
import { ConfigurationPart } from '../store/entities/configuration-part.ts';
import { presentWeights, type Weights } from './config-parts.ts';

/** Which weights of a source were in force when. Before the first that are kept these count, and without any, today's. */
export type KeptWeights = {
  /** The version that brought the weights that were in force at a version; null for those of today. */
  versionOf(sourceId: SourceId, version: number | null): number | null;
  /** The weights that such a version brought. */
  at(sourceId: SourceId, version: number | null): Weights;
};

/** Reads all weights that are kept of these sources, one source after the other. */
export async function readKeptWeights(em: SqlEntityManager, sourceIds: SourceId[]): Promise<KeptWeights> {
  const present = await presentWeights(em);
  const kept = new Map<SourceId, Map<number, Weights>>();
  for (const id of sourceIds) kept.set(id, await readParts(em, id));
  const versions = new Map([...kept].map(([id, parts]) => [id, [...parts.keys()]]));
  return {
    versionOf(sourceId, version) {
      const known = versions.get(sourceId)!;
      if (version === null || known.length === 0) return null;
      return known[Math.max(0, countUpTo(known, version) - 1)]!;
    },
    at: (sourceId, version) =>
      (version === null ? present.get(sourceId) : kept.get(sourceId)!.get(version)) ?? [],
  };
}

async function readParts(em: SqlEntityManager, sourceId: SourceId): Promise<Map<number, Weights>> {
  const parts = await em.find(
    ConfigurationPart,
    { kind: 'weights', refId: sourceId },
    { orderBy: { version: 'asc' }, disableIdentityMap: true },
  );
  return new Map(parts.map(({ version, value }) => [version, (value ?? []) as Weights]));
}

/** How many of the rising numbers are at most this one, by bisection. */
function countUpTo(rising: readonly number[], most: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rising[middle]! <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
