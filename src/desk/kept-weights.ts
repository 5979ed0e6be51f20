import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SourceId } from '../contract/ids.ts';
import { ConfigurationPart } from '../store/entities/configuration-part.ts';
import { presentWeights, type Weights } from './config-parts.ts';

/** The weights of a source that were in force at a version of the configuration. */
export type KeptWeights = (sourceId: SourceId, version: number | null) => Weights;

/**
 * Reads which weights were in force when. Before the first that are kept it takes those, and without any, or for no
 * version, those of today.
 */
export async function readKeptWeights(em: SqlEntityManager, sourceIds: SourceId[]): Promise<KeptWeights> {
  const parts = await em.find(
    ConfigurationPart,
    { kind: 'weights', refId: { $in: sourceIds } },
    { orderBy: { version: 'asc' }, disableIdentityMap: true },
  );
  const present = await presentWeights(em);
  const bySource = Map.groupBy(parts, (part) => part.refId);
  return (sourceId, version) => {
    const kept = bySource.get(sourceId);
    if (kept === undefined || version === null) return present.get(sourceId) ?? [];
    const inForce = kept.findLast((part) => part.version <= version) ?? kept[0]!;
    return (inForce.value ?? []) as Weights;
  };
}
