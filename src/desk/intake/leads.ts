import type { LeadId } from '../../contract/ids.ts';
import type { LeadGap, LeadRow } from '../../store/dialect.ts';
import type { Tx } from '../../store/write.ts';
import type { LeadWords } from '../arrival.ts';

/** The leads of a batch by the external id that was asked for, and those that it has made. */
export type Leads = { byName: Map<string, LeadRow>; made: ReadonlySet<LeadId> };

/** The leads of a batch, locked; those that were not there are made. */
export async function resolveLeads(tx: Tx, words: LeadWords[], at: Date): Promise<Leads> {
  const wanted = joinWords(words);
  const rows = [...wanted.values()].map((lead) => ({ ...lead, createdAt: at, updatedAt: at }));
  const { leads, made } = await tx.sql.holdLeads(rows);
  const byName = new Map(leads.map((lead) => [lead.askedFor, lead]));
  await fillGaps(tx, byName, wanted, at);
  return { byName, made: new Set(made) };
}

/** One entry for each lead: what comes first is what stays, but for the language. */
function joinWords(words: LeadWords[]): Map<string, LeadWords> {
  const joined = new Map<string, LeadWords>();
  for (const next of words) {
    const known = joined.get(next.externalId) ?? next;
    joined.set(next.externalId, {
      externalId: next.externalId,
      name: known.name ?? next.name,
      phone: known.phone ?? next.phone,
      email: known.email ?? next.email,
      language: next.language ?? known.language,
    });
  }
  return joined;
}

/**
 * What the channel knows of a lead fills what was not known; it never overwrites what people have written. A language
 * is what the lead speaks now: it follows the channel.
 */
async function fillGaps(
  tx: Tx,
  leads: Map<string, LeadRow>,
  wanted: Map<string, LeadWords>,
  at: Date,
): Promise<void> {
  const gaps: LeadGap[] = [];
  for (const [externalId, words] of wanted) {
    const lead = leads.get(externalId)!;
    const isNews =
      (lead.name === null && words.name !== null) ||
      (lead.phone === null && words.phone !== null) ||
      (lead.email === null && words.email !== null) ||
      (words.language !== null && words.language !== lead.language);
    if (!isNews) continue;
    const { name, phone, email, language } = words;
    gaps.push({ id: lead.id, name, phone, email, language, at });
    lead.name ??= words.name;
    lead.phone ??= words.phone;
    lead.email ??= words.email;
    lead.language = words.language ?? lead.language;
  }
  await tx.sql.fillLeads(gaps);
}
