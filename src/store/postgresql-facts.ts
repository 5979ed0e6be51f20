import type { TableName } from './shapes.ts';

/** Operators of the sources in `$1`, and those named in `$2`. */
export const amongOperators = `id in (select operator_id from source_operator where source_id = any($1::int8[])
  union all select unnest($2::int8[]))`;

/** Everything that routing needs, as one JSON value: a round trip for each table would cost more than all of them. */
export const factsSql = `json_build_object(
  'sources', (select coalesce(json_agg(s), '[]') from (
    select id, code, name, kind, callback_url as "callbackUrl", greeting, greetings, is_active as "isActive",
           require_presence as "requirePresence", strategy, return_policy as "returnPolicy", offer_seconds as "offerSeconds", priority,
           (select json_build_object('turn', m.turn, 'marks', m.marks) from strategy_memory m
             where m.source_id = source.id) as memory,
           exists (select 1 from contact c where c.source_id = source.id and c.status = 'waiting') as "mayWait"
      from source where id = any($1::int8[])) s),
  'operators', (select coalesce(json_agg(o), '[]') from (
    select id, name, is_active as "isActive", availability, is_online as "isOnline", load, max_load as "maxLoad"
      from operator where ${amongOperators} order by id) o),
  'weights', (select coalesce(json_agg(w), '[]') from (
    select source_id as "sourceId", operator_id as "operatorId", weight
      from source_operator where source_id = any($1::int8[]) order by source_id, operator_id) w),
  'configVersion', (select version from configuration where id = 1))`;

/** Reserved ids of each table as one JSON value; parameter `first` and those behind it: how many of each. */
export function idsSql(tables: TableName[], first: number): string {
  const lists = tables.map(
    (table, index) =>
      `'${table}', (select coalesce(json_agg(nextval('${table}_id_seq')), '[]') from generate_series(1, $${first + index}::int4))`,
  );
  return `json_build_object(${lists.join(', ')})`;
}
