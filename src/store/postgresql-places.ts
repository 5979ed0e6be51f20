import type { ContactId } from '../contract/ids.ts';
import type { PlaceDue, Statements } from './dialect.ts';

type About = 'lockPlacesDue' | 'notePlaces';
type All = <R>(sql: string, ...params: unknown[]) => Promise<R[]>;
type Run = (sql: string, ...params: unknown[]) => Promise<number>;
type Parts = { all: All; run: Run; lockContacts: (ids: ContactId[]) => Promise<void> };

const placesDueSql = `select * from (
    select q.id::float8 as "contactId", q.place::float8 as place, q.lead_id::float8 as "leadId", l.language,
           coalesce(q.chat, (select o.chat from contact o where o.lead_id = q.lead_id and +o.source_id = $1::int8
                                and o.chat is not null order by o.id desc limit 1)) as chat
      from (select id, lead_id, chat, told_place, unreachable_reason,
                   row_number() over (order by created_at, id) as place
              from contact where status = 'waiting' and source_id = $1::int8) as q
           join lead l on l.id = q.lead_id
     where (q.told_place is null or q.place * 2 <= q.told_place) and q.unreachable_reason is null) as due
   where (not $2::bool or due.chat is not null)
     and ($3::text[] is null
          or exists (select 1 from unnest($3::text[]) as k(tag) where starts_with(lower(due.language) || '-', k.tag || '-')))
   order by due.place limit $4::int4`;

/** The statements about what customers are told of the queue, on PostgreSQL. */
export function placeStatements({ all, run, lockContacts }: Parts): Pick<Statements, About> {
  return {
    lockPlacesDue: async ({ sourceId, needsChat, languages }, limit) => {
      const look = () => all<PlaceDue>(placesDueSql, sourceId, needsChat, languages, limit);
      for (;;) {
        const found = (await look()).map(({ contactId }) => contactId);
        if (found.length === 0) return [];
        await run('savepoint places');
        await lockContacts(found);
        // What was committed while we waited for the locks, and another gateway's tellings, are seen now.
        const held = new Set(found);
        const due = (await look()).filter(({ contactId }) => held.has(contactId));
        if (due.length > 0) return due;
        await run('rollback to savepoint places');
      }
    },

    notePlaces: async (rows) => {
      await run(
        `update contact c set told_place = k.place from unnest($1::int8[], $2::int4[]) as k(id, place) where c.id = k.id`,
        rows.map(({ contactId }) => contactId),
        rows.map(({ place }) => place),
      );
    },
  };
}
