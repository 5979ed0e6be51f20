import type { LeadId } from '../contract/ids.ts';
import type { EarlyEditRow, LeadRow, NewLead, SeenMessage, Statements, UsedKey } from './dialect.ts';
import { millis } from './postgresql-rows.ts';

type About =
  | 'seenMessages'
  | 'takeEarlyEdits'
  | 'usedKeys'
  | 'dropKeys'
  | 'lockLeads'
  | 'holdLeads'
  | 'fillLeads';
type All = <R>(sql: string, ...params: unknown[]) => Promise<R[]>;
type Run = (sql: string, ...params: unknown[]) => Promise<number>;

const leadColumns =
  'id, external_id as "askedFor", external_id as "externalId", name, phone, email, language';

// One look: whom it holds, how many there were, and whether any of these names is one of before a merge.
const lockLeadsSql = `with held as (
    select ${leadColumns}
      from lead where external_id = any($1::text[]) order by external_id for no key update)
  select (select coalesce(json_agg(h), '[]') from held h)::text as leads,
         (select count(*)::int4 from lead where external_id = any($1::text[])) as seen,
         (select count(*)::int4 from lead_alias where external_id = any($1::text[])) as aliases`;

const words = ['externalId', 'name', 'phone', 'email', 'language'] as const;

// From left to right: who is there is locked before anybody is made.
const holdLeadsSql = `with asked as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
      as k(external_id, name, phone, email, language, at)),
  held as (
    select ${leadColumns}
      from lead where external_id = any($1::text[]) order by external_id for no key update),
  made as (
    insert into lead (external_id, name, phone, email, language, created_at, updated_at)
    select k.external_id, k.name, k.phone, k.email, k.language, k.at, k.at from asked k
     where not exists (select 1 from lead l where l.external_id = k.external_id)
       and not exists (select 1 from lead_alias a where a.external_id = k.external_id)
     order by k.external_id
    on conflict (external_id) do nothing returning ${leadColumns})
  select (select coalesce(json_agg(h), '[]') from held h)::text as held,
         (select coalesce(json_agg(m), '[]') from made m)::text as made`;

/** The hot statements about who writes, and whether that was known, on PostgreSQL. */
export function leadStatements(all: All, run: Run): Pick<Statements, About> {
  /** A new statement sees what was committed while the one before waited for its locks. */
  const lockMerged = async (externalIds: string[]): Promise<LeadRow[]> => {
    for (;;) {
      const merged = await all<LeadRow>(
        `select l.id::float8 as id, a.external_id as "askedFor", l.external_id as "externalId", l.name, l.phone, l.email,
                l.language
           from lead_alias a join lead l on l.id = a.lead_id
          where a.external_id = any($1::text[]) order by l.external_id for no key update of l`,
        externalIds,
      );
      const [aliases] = await all<{ count: number }>(
        'select count(*)::int4 as count from lead_alias where external_id = any($1::text[])',
        externalIds,
      );
      // A lead that was merged away while it was waited for drops out: its alias points elsewhere by now.
      if (aliases!.count === merged.length) return merged;
    }
  };

  const lockLeads = async (externalIds: string[]): Promise<LeadRow[]> => {
    const wanted = [...new Set(externalIds)].sort();
    const [row] = await all<{ leads: string; seen: number; aliases: number }>(lockLeadsSql, wanted);
    const leads = JSON.parse(row!.leads) as LeadRow[];
    const found = new Set(leads.map((lead) => lead.askedFor));
    const missing = wanted.filter((externalId) => !found.has(externalId));
    // Who was there and is not held was merged away while it was waited for.
    const isNew = row!.aliases === 0 && row!.seen === leads.length;
    if (missing.length === 0 || isNew) return leads;
    return [...leads, ...(await lockMerged(missing))];
  };

  const holdOrMake = async (rows: NewLead[]): Promise<{ leads: LeadRow[]; made: LeadId[] }> => {
    const [row] = await all<{ held: string; made: string }>(
      holdLeadsSql,
      ...words.map((key) => rows.map((one) => one[key])),
      rows.map(({ createdAt }) => createdAt.toISOString()),
    );
    const [held, made] = [JSON.parse(row!.held) as LeadRow[], JSON.parse(row!.made) as LeadRow[]];
    return { leads: [...held, ...made], made: made.map(({ id }) => id) };
  };

  return {
    seenMessages: async (keys) =>
      keys.length === 0
        ? []
        : all<SeenMessage>(
            `select m.source_id::float8 as "sourceId", m.external_id as "externalId", m.id::float8 as "messageId",
                    m.contact_id::float8 as "contactId", c.lead_id::float8 as "leadId"
               from unnest($1::int8[], $2::text[]) as k(source_id, external_id)
               join message m on m.source_id = k.source_id and m.external_id = k.external_id
               join contact c on c.id = m.contact_id`,
            keys.map((key) => key.sourceId),
            keys.map((key) => key.externalId),
          ),

    takeEarlyEdits: async (keys) =>
      keys.length === 0
        ? []
        : all<EarlyEditRow>(
            `delete from early_edit e using unnest($1::int8[], $2::text[]) as k(source_id, external_id)
              where e.source_id = k.source_id and e.external_id = k.external_id
             returning e.source_id::float8 as "sourceId", e.external_id as "externalId", e.text,
                       ${millis('e.edited_at')} as "editedAt"`,
            keys.map((key) => key.sourceId),
            keys.map((key) => key.externalId),
          ),

    usedKeys: async (keys) =>
      keys.length === 0
        ? []
        : all<UsedKey>(
            `select i.credential, i.idempotency_key as key, i.body_hash as "bodyHash", i.contact_id::float8 as "contactId",
                    ${millis('i.created_at')} as "createdAt"
               from unnest($1::text[], $2::text[]) as k(credential, key)
               join idempotency_key i on i.credential = k.credential and i.idempotency_key = k.key`,
            keys.map((used) => used.credential),
            keys.map((used) => used.key),
          ),

    // By its age once more: another gateway may have just used one of them again.
    dropKeys: async (keys, before) => {
      await run(
        `delete from idempotency_key i using unnest($1::text[], $2::text[]) as k(credential, key)
          where i.credential = k.credential and i.idempotency_key = k.key and i.created_at < $3::timestamptz`,
        keys.map((used) => used.credential),
        keys.map((used) => used.key),
        before.toISOString(),
      );
    },

    lockLeads,

    holdLeads: async (rows) => {
      const [leads, made]: [LeadRow[], LeadId[]] = [[], []];
      let missing = rows;
      while (missing.length > 0) {
        const held = await holdOrMake(missing);
        leads.push(...held.leads);
        made.push(...held.made);
        missing = without(missing, held.leads);
        // The rest has an old name, was merged away while it was waited for, or has just been made by somebody else.
        const others = missing.length === 0 ? [] : await lockLeads(missing.map((row) => row.externalId));
        leads.push(...others);
        missing = without(missing, others);
      }
      return { leads, made };
    },

    fillLeads: async (rows) => {
      if (rows.length === 0) return;
      // One lead may come under two of its names: of each word the first counts.
      await run(
        `update lead l set name = coalesce(l.name, k.name), phone = coalesce(l.phone, k.phone),
                email = coalesce(l.email, k.email), language = coalesce(k.language, l.language), updated_at = k.at
           from (select id, max(at) as at, (array_agg(name order by n) filter (where name is not null))[1] as name,
                        (array_agg(phone order by n) filter (where phone is not null))[1] as phone,
                        (array_agg(email order by n) filter (where email is not null))[1] as email,
                        (array_agg(language order by n desc) filter (where language is not null))[1] as language
                   from unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
                        with ordinality as given(id, name, phone, email, language, at, n) group by id) as k
          where l.id = k.id`,
        rows.map((row) => row.id),
        rows.map((row) => row.name),
        rows.map((row) => row.phone),
        rows.map((row) => row.email),
        rows.map((row) => row.language),
        rows.map((row) => row.at.toISOString()),
      );
    },
  };
}

function without(rows: NewLead[], found: LeadRow[]): NewLead[] {
  const names = new Set(found.map(({ askedFor }) => askedFor));
  return rows.filter(({ externalId }) => !names.has(externalId));
}
