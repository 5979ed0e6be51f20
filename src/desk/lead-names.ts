import type { SqlEntityManager } from '@mikro-orm/sql';
import type { LeadId } from '../contract/ids.ts';
import { isOfErased } from '../contract/text.ts';
import { LeadAlias } from '../store/entities/lead-alias.ts';
import type { Lead } from '../store/entities/lead.ts';
import type { Tx } from '../store/write.ts';
import { findLead } from './leads.ts';

/**
 * Under what a lead is known: its external ids, old ones too, and its chats with bots. A private chat of Telegram has
 * the id of its person, with every bot.
 */
export type LeadNames = { externalIds: ReadonlySet<string>; chats: ReadonlySet<string> };

/** The lead, locked, so that no message of it comes in between. Throws Problem('not-found'). */
export async function lockLead(tx: Tx, id: LeadId): Promise<Lead> {
  for (;;) {
    const { externalId } = await findLead(tx.em, id);
    const held = await tx.sql.lockLeads([externalId]);
    // It may have got another name, or have been merged away, while it was waited for.
    if (held.some((lead) => lead.id === id)) return findLead(tx.em, id);
  }
}

/** The names of a lead as they are now. */
export async function namesOf(em: SqlEntityManager, { id, externalId }: Lead): Promise<LeadNames> {
  const aliases = await em.find(LeadAlias, { lead: id }, { disableIdentityMap: true });
  const former = await formerIdsOf(em, id);
  const externalIds = new Set([externalId, ...aliases.map((alias) => alias.externalId), ...former]);
  const rows = await em.execute<{ chat: string }[]>(
    'select distinct chat from contact where lead_id = ? and chat is not null',
    [id],
  );
  return { externalIds, chats: new Set([...rows.map(({ chat }) => chat), ...personsOf(externalIds)]) };
}

/** Those it had before it was renamed, as its trails tell, where nobody else has them by now. */
async function formerIdsOf(em: SqlEntityManager, id: LeadId): Promise<string[]> {
  const rows = await em.execute<{ name: string }[]>(
    `select told.name from (
        select distinct e.data->'lead'->>'external_id' as name from contact c join event e on e.contact_id = c.id
         where c.lead_id = ? and e.type like 'contact.%') told
      where not exists (select 1 from lead l where l.external_id = told.name and l.id <> ?)
        and not exists (select 1 from lead_alias a where a.external_id = told.name and a.lead_id <> ?)`,
    [id, id, id],
  );
  return rows.map(({ name }) => name).filter((name) => !isOfErased(name));
}

/** The lead of a bot is named after its person: `tg:` and the id. */
function personsOf(externalIds: ReadonlySet<string>): string[] {
  return [...externalIds].filter((name) => name.startsWith('tg:')).map((name) => name.slice('tg:'.length));
}
