import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { KeptMemory, OperatorFacts, RoutingFacts, SourceFacts, WeightFacts } from './dialect.ts';

type Flags<T, K extends keyof T> = Omit<T, K> & Record<K, number>;
type SourceRow = Flags<Omit<SourceFacts, 'greetings' | 'memory'>, 'isActive' | 'requirePresence'> & {
  greetings: string | null;
  turn: number | null;
  marks: string | null;
};
type Handle = {
  all: <R>(sql: string, ...params: unknown[]) => R[];
  get: <R>(sql: string, ...params: unknown[]) => R | undefined;
};
type FactsOf = (sourceIds: SourceId[], operatorIds: OperatorId[]) => RoutingFacts;

/** What tells all that routing needs of sources and operators, on SQLite. */
export function factsReader({ all, get }: Handle): FactsOf {
  return (sourceIds, operatorIds) => {
    const [sourceList, operatorList] = [JSON.stringify(sourceIds), JSON.stringify(operatorIds)];
    const sources = all<SourceRow>(
      `select id, code, name, kind, callback_url as callbackUrl, greeting, greetings, is_active as isActive, require_presence as requirePresence, strategy,
              return_policy as returnPolicy, offer_seconds as offerSeconds, priority, turn, marks
         from source left join strategy_memory on source_id = id where id in (select value from json_each(?))`,
      sourceList,
    );
    const operators = all<Flags<OperatorFacts, 'isActive' | 'isOnline'>>(
      `select id, name, is_active as isActive, availability, is_online as isOnline, load, max_load as maxLoad
         from operator
        where id in (select operator_id from source_operator where source_id in (select value from json_each(?)))
           or id in (select value from json_each(?))`,
      sourceList,
      operatorList,
    );
    return {
      sources: sources.map(({ turn, marks, ...row }) => ({
        ...row,
        greetings: row.greetings === null ? null : (JSON.parse(row.greetings) as Record<string, string>),
        memory: turn === null ? null : { turn, marks: JSON.parse(marks!) as KeptMemory['marks'] },
        // What is remembered would not hear of those who begin to wait.
        mayWait: true,
        isActive: !!row.isActive,
        requirePresence: !!row.requirePresence,
      })),
      weights: all<WeightFacts>(
        `select source_id as sourceId, operator_id as operatorId, weight from source_operator
          where source_id in (select value from json_each(?)) order by source_id, operator_id`,
        sourceList,
      ),
      operators: operators.map((row) => ({ ...row, isActive: !!row.isActive, isOnline: !!row.isOnline })),
      configVersion: get<{ version: number }>('select version from configuration where id = 1')!.version,
    };
  };
}
