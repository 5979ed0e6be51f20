import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Strategy } from '../contract/decision.ts';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import { SIMULATION_LIMITS, type SimulationCreate } from '../contract/simulate.ts';
import { invalid, Problem } from '../problem.ts';
import type { SimulatedOperator, SimulatedSource } from '../routing/simulated-floor.ts';
import type { Desk } from './desk.ts';

/** Everything that a simulation rests on but for the contacts; by id. */
export type Setting = {
  sources: (SimulatedSource & { code: string })[];
  operators: (SimulatedOperator & { name: string })[];
};

type SourceRow = { id: SourceId | string; code: string; is_active: boolean | 0 | 1; strategy: Strategy };
type OperatorRow = { id: OperatorId | string; name: string; is_active: boolean | 0 | 1; max_load: number };
type Weights = Map<SourceId, Map<OperatorId, number>>;

const CHUNK = 2_000;

/**
 * Reads the sources, by default all, and whoever has a weight on them or stands in the changes, as they are now.
 * Throws Problem('invalid') where there are too many, or for a source that is not there.
 */
export async function readSetting(desk: Desk, input: SimulationCreate): Promise<Setting> {
  const sources = await readSources(desk, input.source_ids);
  const ids = sources.map((source) => Number(source.id) as SourceId);
  const weights = await readWeights(desk, ids);
  const operators = await readOperators(desk, holders(weights), named(input));
  const known = new Set(operators.map((one) => one.operatorId));
  return {
    operators,
    sources: sources.map(({ code, strategy, is_active: isActive }, place) => {
      const own = [...(weights.get(ids[place]!) ?? [])];
      return {
        sourceId: ids[place]!,
        code,
        strategy,
        isActive: Boolean(isActive),
        // Somebody who was deleted between two of these statements is left out.
        weights: new Map(own.filter(([operatorId]) => known.has(operatorId))),
      };
    }),
  };
}

function holders(weights: Weights): OperatorId[] {
  return [...weights.values()].flatMap((own) => [...own.keys()]);
}

function named({ changes }: SimulationCreate): OperatorId[] {
  return [...changes.weights, ...changes.max_loads, ...changes.operators].map((one) => one.operator_id);
}

async function readSources(desk: Desk, wanted: SourceId[] | undefined): Promise<SourceRow[]> {
  const { sources: most } = SIMULATION_LIMITS;
  const only = wanted === undefined ? 'true' : `id in (${marks(wanted)})`;
  const rows = await desk.store
    .em()
    .execute<SourceRow[]>(
      `select id, code, is_active, strategy from source where ${only} order by id limit ${most + 1}`,
      wanted ?? [],
    );
  if (rows.length > most) throw invalid('source_ids', `there are more sources: name at most ${most}`);
  const found = new Set(rows.map((row) => Number(row.id)));
  const errors = (wanted ?? []).flatMap((id, index) => {
    const path = `source_ids.${index}`;
    if (!found.has(id)) return [{ path, message: `there is no source ${id}` }];
    return wanted!.indexOf(id) < index ? [{ path, message: `source ${id} is named twice` }] : [];
  });
  if (errors.length > 0) throw new Problem('invalid', { errors });
  return rows;
}

type WeightRow = {
  source_id: SourceId | string;
  operator_id: OperatorId | string;
  weight: number;
};

async function readWeights(desk: Desk, sourceIds: SourceId[]): Promise<Weights> {
  const weights: Weights = new Map(sourceIds.map((id) => [id, new Map()]));
  if (sourceIds.length === 0) return weights;
  const { weights: most } = SIMULATION_LIMITS;
  let place: unknown[] = [0, 0];
  let count = 0;
  for (;;) {
    const rows = await desk.store.em().execute<WeightRow[]>(
      `select source_id, operator_id, weight from source_operator
        where source_id in (${marks(sourceIds)}) and (source_id, operator_id) > (?, ?)
        order by source_id, operator_id limit ${CHUNK}`,
      [...sourceIds, ...place],
    );
    count += rows.length;
    if (count > most) throw invalid('source_ids', `these sources have more than ${most} weights`);
    for (const row of rows)
      weights.get(Number(row.source_id) as SourceId)!.set(Number(row.operator_id) as OperatorId, row.weight);
    const last = rows.at(-1);
    if (last === undefined || rows.length < CHUNK) return weights;
    place = [last.source_id, last.operator_id];
    await nextTurn();
  }
}

async function readOperators(
  desk: Desk,
  those: readonly OperatorId[],
  changed: readonly OperatorId[],
): Promise<Setting['operators']> {
  const { operators: most } = SIMULATION_LIMITS;
  if (new Set(those).size > most)
    throw invalid('source_ids', `more than ${most} operators have a weight on these sources`);
  const wanted = new Set([...those, ...changed]);
  if (wanted.size > most) throw invalid('changes', `more than ${most} operators would take part`);
  if (wanted.size === 0) return [];
  const rows = await desk.store
    .em()
    .execute<OperatorRow[]>(
      `select id, name, is_active, max_load from operator where id in (${marks([...wanted])}) order by id`,
      [...wanted],
    );
  return rows.map((row) => ({
    operatorId: Number(row.id) as OperatorId,
    name: row.name,
    isActive: Boolean(row.is_active),
    maxLoad: row.max_load,
  }));
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join();
}
