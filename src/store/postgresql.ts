import { CompiledQuery, type Kysely } from 'kysely';
import type { ContactId, LeadId, OperatorId, SourceId } from '../contract/ids.ts';
import type { OpenContact, QueuedRow, ReservedIds, RoutingFacts, Statements } from './dialect.ts';
import { contactOf, contactsSql } from './contact-rows.ts';
import { leadStatements } from './postgresql-leads.ts';
import { columnValues, insertSql, loadValues, millis, moveLoadsSql, Parts } from './postgresql-rows.ts';
import { amongOperators, factsSql, idsSql } from './postgresql-facts.ts';
import { commitOn } from './postgresql-commit.ts';
import { placeStatements } from './postgresql-places.ts';
import { prepared } from './prepared.ts';
import { type CountedTable, tablesOf } from './shapes.ts';

const readContactsSql = contactsSql(
  { id: (column) => `${column}::float8`, time: millis },
  '= any($1::int8[])',
);

/** The hot statements on PostgreSQL: each is one round trip for the whole batch, rows travel as arrays. */
export function postgresStatements(connection: Kysely<unknown>): Statements {
  const all = async <R>(sql: string, ...params: unknown[]): Promise<R[]> =>
    (await connection.executeQuery<R>(CompiledQuery.raw(prepared(sql), params))).rows;
  const run = async (sql: string, ...params: unknown[]): Promise<number> =>
    Number((await connection.executeQuery(CompiledQuery.raw(prepared(sql), params))).numAffectedRows ?? 0);
  const lockOperators = async (
    sourceIds: SourceId[],
    operatorIds: OperatorId[],
  ): Promise<Set<OperatorId>> => {
    const rows = await all<{ id: OperatorId }>(
      `select id::float8 as id from operator where ${amongOperators} order by operator.id for no key update`,
      sourceIds,
      operatorIds,
    );
    return new Set(rows.map(({ id }) => id));
  };

  const lockContacts = async (ids: ContactId[]): Promise<void> => {
    await all('select 1 from contact where id = any($1::int8[]) order by id for update', ids);
  };

  const readFacts = async (sourceIds: SourceId[], operatorIds: OperatorId[]): Promise<RoutingFacts> => {
    const [row] = await all<{ facts: string }>(`select ${factsSql}::text as facts`, sourceIds, operatorIds);
    return JSON.parse(row!.facts) as RoutingFacts;
  };

  return {
    ...leadStatements(all, run),
    ...placeStatements({ all, run, lockContacts }),

    lockOpenContacts: async (pairs) => {
      if (pairs.length === 0) return [];
      const open = await all<OpenContact>(
        `select c.id::float8 as id, c.lead_id::float8 as "leadId", c.source_id::float8 as "sourceId",
                c.operator_id::float8 as "operatorId", c.status
           from contact c join unnest($1::int8[], $2::int8[]) as k(lead_id, source_id)
             on c.lead_id = k.lead_id and c.source_id = k.source_id
          where c.status <> 'closed' order by c.id for update of c`,
        pairs.map((pair) => pair.leadId),
        pairs.map((pair) => pair.sourceId),
      );
      return newestPerPair(open);
    },

    lockReopenable: async (pairs, at) => {
      if (pairs.length === 0) return [];
      const found = await all<{ id: ContactId }>(
        `select newest.id::float8 as id from unnest($1::int8[], $2::int8[]) as k(lead_id, source_id)
           join source s on s.id = k.source_id and s.reopen_minutes > 0
           cross join lateral (
                select c.id from contact c
                 where c.lead_id = k.lead_id and c.source_id = k.source_id and c.status = 'closed'
                   and c.closed_at > $3::timestamptz - s.reopen_minutes * interval '1 minute'
                   and c.close_reason is distinct from 'merged' and c.erased_at is null
                 order by c.id desc limit 1) as newest
          order by newest.id`,
        pairs.map((pair) => pair.leadId),
        pairs.map((pair) => pair.sourceId),
        at.toISOString(),
      );
      const ids = found.map(({ id }) => id);
      if (ids.length > 0) await lockContacts(ids);
      return ids;
    },

    reopenContacts: async (ids) => {
      await run(
        `update contact set status = 'waiting', operator_id = null, assigned_at = null, closed_at = null, close_reason = null,
                released_by_id = null, released_at = null, declined = null, told_place = null, version = version + 1
          where id = any($1::int8[])`,
        ids,
      );
    },

    readContacts: async (ids) => (await all(readContactsSql, ids)).map(contactOf),

    lastOperators: async (pairs) =>
      pairs.length === 0
        ? []
        : all<{ leadId: LeadId; sourceId: SourceId; operatorId: OperatorId }>(
            `select distinct on (c.lead_id, c.source_id) c.lead_id::float8 as "leadId",
                    c.source_id::float8 as "sourceId", c.operator_id::float8 as "operatorId"
               from contact c join unnest($1::int8[], $2::int8[]) as k(lead_id, source_id)
                 on c.lead_id = k.lead_id and c.source_id = k.source_id
              where c.operator_id is not null order by c.lead_id, c.source_id, c.id desc`,
            pairs.map((pair) => pair.leadId),
            pairs.map((pair) => pair.sourceId),
          ),

    lockContacts,

    lockQueue: async (sourceIds, limit, after = null) => {
      if (sourceIds.length === 0) return [];
      for (;;) {
        const found = await all<{ id: number }>(
          `select q.id::float8 as id
             from source s cross join lateral (
                  select c.id, c.created_at from contact c
                   where c.status = 'waiting' and c.source_id = s.id
                     and (c.created_at, c.id) > (case when s.priority = $5::int4 then $3::timestamptz else '-infinity' end,
                                                 case when s.priority = $5::int4 then $4::int8 else 0 end)
                   order by c.created_at, c.id limit $2) as q
            where s.id = any($1::int8[]) and ($5::int4 is null or s.priority <= $5::int4)
            order by s.priority desc, q.created_at, q.id limit $2`,
          sourceIds,
          limit,
          after === null ? null : new Date(after.createdAt).toISOString(),
          after?.id ?? null,
          after?.priority ?? null,
        );
        if (found.length === 0) return [];
        await run('savepoint queue');
        const locked = await all<QueuedRow>(
          `select c.id::float8 as id, c.lead_id::float8 as "leadId", c.source_id::float8 as "sourceId", s.priority,
                  ${millis('c.created_at')} as "createdAt", c.attempt,
                  c.released_by_id::float8 as "releasedBy", ${millis('c.released_at')} as "releasedAt", c.declined
             from contact c join source s on s.id = c.source_id
            where c.id = any($1::int8[]) and c.status = 'waiting'
            order by s.priority desc, c.created_at, c.id for update of c`,
          found.map((row) => row.id),
        );
        if (locked.length === found.length) return locked;
        // Somebody gave out a part of them while we waited: others are among the oldest now, and may be older than
        // what we hold. Letting go keeps the one order of locks.
        await run('rollback to savepoint queue');
      }
    },

    withCapacity: async (sourceIds) => {
      if (sourceIds.length === 0) return [];
      const rows = await all<{ id: SourceId }>(
        `select s.id::float8 as id from source s
          where s.id = any($1::int8[]) and s.is_active and exists (
                select 1 from source_operator w join operator o on o.id = w.operator_id
                 where w.source_id = s.id and w.weight > 0 and o.is_active and o.availability = 'available'
                   and (o.is_online or not s.require_presence) and o.load < o.max_load)
          order by s.id`,
        sourceIds,
      );
      return rows.map((row) => row.id);
    },

    routingFacts: async (sourceIds, operatorIds) => {
      for (;;) {
        const held = await lockOperators(sourceIds, operatorIds);
        const facts = await readFacts(sourceIds, operatorIds);
        // A weight that was set while we waited for the locks may name somebody whom we do not hold yet.
        if (facts.operators.every(({ id }) => held.has(id))) return facts;
      }
    },

    outlook: async <T extends CountedTable>(sourceIds: SourceId[], counts: Record<T, number>) => {
      const sql = `select ${factsSql}::text as facts, ${idsSql(Object.keys(counts) as T[], 3)}::text as ids`;
      const [row] = await all<{ facts: string; ids: string }>(sql, sourceIds, [], ...Object.values(counts));
      return { facts: JSON.parse(row!.facts) as RoutingFacts, ids: JSON.parse(row!.ids) as ReservedIds<T> };
    },

    sourcesOf: async (operatorIds) =>
      (
        await all<{ id: SourceId }>(
          `select distinct source_id::float8 as id from source_operator
            where operator_id = any($1::int8[]) and weight > 0 order by 1`,
          operatorIds,
        )
      ).map((row) => row.id),

    reserveIds: async <T extends CountedTable>(counts: Record<T, number>) => {
      const sql = `select ${idsSql(Object.keys(counts) as T[], 1)}::text as ids`;
      const [row] = await all<{ ids: string }>(sql, ...Object.values(counts));
      return JSON.parse(row!.ids) as ReservedIds<T>;
    },

    insert: async (rows) => {
      const tables = tablesOf(rows);
      if (tables.length === 0) return;
      const parts = new Parts();
      for (const table of tables)
        parts.add(insertSql(table, parts.next), columnValues(table, rows[table] as never));
      await run(parts.sql('select 1'), ...parts.values);
    },

    keepMemory: async (rows) => {
      const sorted = rows.toSorted((a, b) => a.sourceId - b.sourceId);
      await run(
        `insert into strategy_memory (source_id, turn, marks)
           select * from unnest($1::int8[], $2::float8[], $3::json[])
             on conflict (source_id) do update set turn = excluded.turn, marks = excluded.marks`,
        sorted.map((row) => row.sourceId),
        sorted.map((row) => row.turn),
        sorted.map((row) => JSON.stringify(row.marks)),
      );
    },

    commit: async (last) => {
      await commitOn(connection, last);
      return [];
    },

    moveLoads: async (deltas) => run(moveLoadsSql(1, 'true'), ...loadValues(deltas)),

    assignQueued: async (assignments, at) => {
      if (assignments.length === 0) return;
      await run(
        `update contact c set status = 'assigned', operator_id = k.operator_id, assigned_at = $3::timestamptz,
                offer_expires_at = k.offer_expires_at, released_by_id = null, released_at = null, attempt = c.attempt + 1, version = c.version + 1
           from unnest($1::int8[], $2::int8[], $4::timestamptz[]) as k(contact_id, operator_id, offer_expires_at) where c.id = k.contact_id`,
        assignments.map((one) => one.contactId),
        assignments.map((one) => one.operatorId),
        at.toISOString(),
        assignments.map((one) => one.offerExpiresAt?.toISOString() ?? null),
      );
    },

    noteLastWords: async (rows) => {
      if (rows.length === 0) return;
      await run(
        `update contact c set last_text = k.text, last_author = k.author, last_at = k.at, chat = coalesce(k.chat, c.chat),
                unreachable_reason = null, unreachable_since = null
           from unnest($1::int8[], $2::text[], $3::text[], $4::timestamptz[], $5::text[]) as k(id, text, author, at, chat)
          where c.id = k.id`,
        rows.map((row) => row.contactId),
        rows.map((row) => row.text),
        rows.map((row) => row.author),
        rows.map((row) => row.at.toISOString()),
        rows.map((row) => row.chat),
      );
    },

    // Several gateways share the database: what is remembered is never trusted.
    foreignWrites: () => null,
  };
}

function newestPerPair(contacts: OpenContact[]): OpenContact[] {
  const newest = new Map(contacts.map((contact) => [`${contact.leadId}:${contact.sourceId}`, contact]));
  return [...newest.values()];
}
