import type { PlaceDue, Statements } from './dialect.ts';

type About = 'lockPlacesDue' | 'notePlaces';
/** The handle, one prepared statement at a time. */
type Handle = {
  all: <R>(sql: string, ...params: unknown[]) => R[];
  run: (sql: string, ...params: unknown[]) => number;
};

/** The statements about what customers are told of the queue, on SQLite. */
export function placeStatements({ all, run }: Handle): Pick<Statements, About> {
  return {
    lockPlacesDue: async ({ sourceId, needsChat, languages }, limit) =>
      all<PlaceDue>(
        `select * from (
           select q.id as contactId, q.place, q.lead_id as leadId, l.language,
                  coalesce(q.chat, (select o.chat from contact o where o.lead_id = q.lead_id and +o.source_id = ?
                                       and o.chat is not null order by o.id desc limit 1)) as chat
             from (select id, lead_id, chat, told_place, unreachable_reason,
                          row_number() over (order by created_at, id) as place
                     from contact where status = 'waiting' and source_id = ?) as q
                  join lead l on l.id = q.lead_id
            where (q.told_place is null or q.place * 2 <= q.told_place) and q.unreachable_reason is null) as due
          where (? or due.chat is not null)
            and (? is null or exists (select 1 from json_each(?) where lower(due.language) || '-' like value || '-%'))
          order by due.place limit ?`,
        sourceId,
        sourceId,
        needsChat ? 0 : 1,
        languages === null ? null : 1,
        JSON.stringify(languages ?? []),
        limit,
      ),

    notePlaces: async (rows) => {
      for (const { contactId, place } of rows)
        run('update contact set told_place = ? where id = ?', place, contactId);
    },
  };
}
