import type { LeadRow } from '../../store/dialect.ts';
import type { Tx } from '../../store/write.ts';
import type { LeadWords } from '../arrival.ts';

/** The leads of a batch, locked; those that were not there are made. By the external id that was asked for. */
export async function resolveLeads(tx: Tx, words: LeadWords[], at: Date): Promise<Map<string, LeadRow>> {
  const wanted = joinWords(words);
  const leads = byAskedFor(await tx.sql.lockLeads([...wanted.keys()]));
  const missing = [...wanted.values()].filter(({ externalId }) => !leads.has(externalId));
  for (const [externalId, lead] of await makeLeads(tx, missing, at)) leads.set(externalId, lead);
  await fillGaps(tx, leads, wanted, at);
  return leads;
}

/** One entry for each lead: what comes first is what stays. */
function joinWords(words: LeadWords[]): Map<string, LeadWords> {
  const joined = new Map<string, LeadWords>();
  for (const next of words) {
    const known = joined.get(next.externalId) ?? next;
    joined.set(next.externalId, {
      externalId: next.externalId,
      name: known.name ?? next.name,
      phone: known.phone ?? next.phone,
      email: known.email ?? next.email,
    });
  }
  return joined;
}

async function makeLeads(tx: Tx, missing: LeadWords[], at: Date): Promise<Map<string, LeadRow>> {
  if (missing.length === 0) return new Map();
  const ids = (await tx.sql.reserveIds({ lead: missing.length })).lead;
  const rows = missing.map((words, index) => ({ ...words, id: ids[index]!, createdAt: at, updatedAt: at }));
  const made = new Set(await tx.sql.createLeads(rows));
  const leads = new Map<string, LeadRow>();
  for (const row of rows)
    if (made.has(row.id)) leads.set(row.externalId, { ...row, askedFor: row.externalId });
  // Another gateway has just made these: they are committed by now, or the insert would still wait.
  const others = rows.filter((row) => !made.has(row.id)).map((row) => row.externalId);
  if (others.length > 0) for (const lead of await tx.sql.lockLeads(others)) leads.set(lead.askedFor, lead);
  return leads;
}

/** What the channel knows of a lead fills what was not known; it never overwrites what people have written. */
async function fillGaps(
  tx: Tx,
  leads: Map<string, LeadRow>,
  wanted: Map<string, LeadWords>,
  at: Date,
): Promise<void> {
  const gaps: Parameters<Tx['sql']['fillLeads']>[0] = [];
  for (const [externalId, words] of wanted) {
    const lead = leads.get(externalId);
    if (lead === undefined) throw new Error('a lead vanished while its batch was open');
    const isNews =
      (lead.name === null && words.name !== null) ||
      (lead.phone === null && words.phone !== null) ||
      (lead.email === null && words.email !== null);
    if (!isNews) continue;
    gaps.push({ id: lead.id, name: words.name, phone: words.phone, email: words.email, at });
    lead.name ??= words.name;
    lead.phone ??= words.phone;
    lead.email ??= words.email;
  }
  await tx.sql.fillLeads(gaps);
}

function byAskedFor(leads: LeadRow[]): Map<string, LeadRow> {
  return new Map(leads.map((lead) => [lead.askedFor, lead]));
}
