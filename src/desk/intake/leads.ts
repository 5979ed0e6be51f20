import type { LeadId } from '../../contract/ids.ts';
import type { LeadGap, LeadRow } from '../../store/dialect.ts';
import type { Tx } from '../../store/write.ts';
import type { LeadWords } from '../arrival.ts';

/** The leads of a batch by the external id that was asked for, and those that it has made. */
export type Leads = { byName: Map<string, LeadRow>; made: ReadonlySet<LeadId> };

/** The leads of a batch, locked; those that were not there are made. */
export async function resolveLeads(tx: Tx, words: LeadWords[], at: Date): Promise<Leads> {
  const wanted = joinWords(words);
  const byName = byAskedFor(await tx.sql.lockLeads([...wanted.keys()]));
  const missing = [...wanted.values()].filter(({ externalId }) => !byName.has(externalId));
  const made = await makeLeads(tx, byName, missing, at);
  await fillGaps(tx, byName, wanted, at);
  return { byName, made };
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

/** Adds those that are missing to `leads`; answers the ones that were not there before. */
async function makeLeads(
  tx: Tx,
  leads: Map<string, LeadRow>,
  missing: LeadWords[],
  at: Date,
): Promise<Set<LeadId>> {
  if (missing.length === 0) return new Set();
  const made = await tx.sql.createLeads(missing.map((words) => ({ ...words, createdAt: at, updatedAt: at })));
  const ids = new Map(made.map(({ id, externalId }) => [externalId, id]));
  for (const words of missing) {
    const id = ids.get(words.externalId);
    if (id !== undefined) leads.set(words.externalId, { ...words, id, askedFor: words.externalId });
  }
  // Another gateway has just made these: they are committed by now, or the insert would still wait.
  const others = missing.map(({ externalId }) => externalId).filter((externalId) => !ids.has(externalId));
  if (others.length > 0) for (const lead of await tx.sql.lockLeads(others)) leads.set(lead.askedFor, lead);
  return new Set(ids.values());
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
    const lead = leads.get(externalId);
    if (lead === undefined) throw new Error('a lead vanished while its batch was open');
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

function byAskedFor(leads: LeadRow[]): Map<string, LeadRow> {
  return new Map(leads.map((lead) => [lead.askedFor, lead]));
}
