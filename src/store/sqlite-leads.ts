import type Database from 'better-sqlite3';
import type { LeadId } from '../contract/ids.ts';
import type { EarlyEditRow, LeadRow, NewLead, SeenMessage, Statements, UsedKey } from './dialect.ts';

type About =
  | 'seenMessages'
  | 'takeEarlyEdits'
  | 'usedKeys'
  | 'dropKeys'
  | 'lockLeads'
  | 'holdLeads'
  | 'fillLeads';
/** The handle, one prepared statement at a time. */
type Handle = {
  get: <R>(sql: string, ...params: unknown[]) => R | undefined;
  run: (sql: string, ...params: unknown[]) => number;
  each: <I, R>(items: readonly I[], find: (item: I) => R | undefined) => R[];
  prepare: (sql: string) => Database.Statement;
};

/** The hot statements about who writes, and whether that was known, on SQLite. */
export function leadStatements({ get, run, each, prepare }: Handle): Pick<Statements, About> {
  const find = (externalId: string): LeadRow | undefined =>
    get<LeadRow>(
      `select id, external_id as askedFor, external_id as externalId, name, phone, email, language
         from lead where external_id = ?`,
      externalId,
    ) ??
    get<LeadRow>(
      `select l.id, a.external_id as askedFor, l.external_id as externalId, l.name, l.phone, l.email, l.language
         from lead_alias a join lead l on l.id = a.lead_id where a.external_id = ?`,
      externalId,
    );

  const make = ({ externalId, name, phone, email, language, createdAt }: NewLead): LeadRow => {
    const at = createdAt.getTime();
    const { lastInsertRowid } = prepare(
      `insert into lead (external_id, name, phone, email, language, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?)`,
    ).run(externalId, name, phone, email, language, at, at);
    return {
      id: Number(lastInsertRowid) as LeadId,
      askedFor: externalId,
      externalId,
      name,
      phone,
      email,
      language,
    };
  };

  return {
    seenMessages: async (keys) =>
      each(keys, (key) =>
        get<SeenMessage>(
          `select m.source_id as sourceId, m.external_id as externalId, m.id as messageId,
                  m.contact_id as contactId, c.lead_id as leadId
             from message m join contact c on c.id = m.contact_id
            where m.source_id = ? and m.external_id = ?`,
          key.sourceId,
          key.externalId,
        ),
      ),

    takeEarlyEdits: async (keys) =>
      each(keys, (key) =>
        get<EarlyEditRow>(
          `delete from early_edit where source_id = ? and external_id = ?
           returning source_id as sourceId, external_id as externalId, text, edited_at as editedAt`,
          key.sourceId,
          key.externalId,
        ),
      ),

    usedKeys: async (keys) =>
      each(keys, (used) =>
        get<UsedKey>(
          `select credential, idempotency_key as key, body_hash as bodyHash, contact_id as contactId,
                  created_at as createdAt from idempotency_key where credential = ? and idempotency_key = ?`,
          used.credential,
          used.key,
        ),
      ),

    dropKeys: async (keys, before) => {
      for (const { credential, key } of keys)
        run(
          'delete from idempotency_key where credential = ? and idempotency_key = ? and created_at < ?',
          credential,
          key,
          before.getTime(),
        );
    },

    lockLeads: async (externalIds) => each(externalIds, find),

    holdLeads: async (rows) => {
      const leads = each(rows, ({ externalId }) => find(externalId));
      const known = new Set(leads.map(({ askedFor }) => askedFor));
      const news = rows.filter(({ externalId }) => !known.has(externalId)).map(make);
      return { leads: [...leads, ...news], made: news.map(({ id }) => id) };
    },

    fillLeads: async (rows) => {
      for (const { id, name, phone, email, language, at } of rows)
        run(
          `update lead set name = coalesce(name, ?), phone = coalesce(phone, ?), email = coalesce(email, ?),
                  language = coalesce(?, language), updated_at = ? where id = ?`,
          name,
          phone,
          email,
          language,
          at.getTime(),
          id,
        );
    },
  };
}
