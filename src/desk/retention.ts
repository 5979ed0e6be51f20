import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContactId, LeadId, SourceId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import { DeadLetter } from '../store/entities/dead-letter.ts';
import { EarlyEdit } from '../store/entities/early-edit.ts';
import { Lead } from '../store/entities/lead.ts';
import { Source } from '../store/entities/source.ts';
import type { Tx } from '../store/write.ts';
import { SYSTEM } from './actor.ts';
import { audit } from './audit-log.ts';
import type { Desk } from './desk.ts';
import { CONTACTS_AT_ONCE, eraseSome, lockForErasure, tellErased } from './erase-contacts.ts';
import { finishErasure, forgetLead, scrub } from './erase-lead.ts';
import type { LoadedContact } from './find-contact.ts';
import { unfinishedLeads } from './unfinished-leads.ts';

const DAY_MS = 24 * 3_600_000;
/** An edit that is still without its message after so long: that one will not come, or was erased. */
const EARLY_EDIT_DAYS = 7;

type Options = { everyMs?: number; firstAfterMs?: number };

/**
 * Erases again and again what sources do not keep any longer, first a while after the start. Disposing waits for what is
 * under way, which stops at its next commit.
 */
export function watchRetention(
  desk: Desk,
  { everyMs = 3_600_000, firstAfterMs = 60_000 }: Options = {},
): AsyncDisposable {
  const stop = new AbortController();
  let sweeping: Promise<void> | null = null;

  function sweep(): void {
    sweeping ??= eraseOutdated(desk, stop.signal)
      .catch((error: unknown) =>
        desk.log.error({ err: error }, 'what is not to be kept could not be erased; it is tried again'),
      )
      .finally(() => (sweeping = null));
  }

  const first = setTimeout(sweep, firstAfterMs);
  const timer = setInterval(sweep, everyMs);
  for (const one of [first, timer]) one.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearTimeout(first);
      clearInterval(timer);
      stop.abort();
      await sweeping;
    },
  };
}

/**
 * Erases once what was said in contacts that were closed longer ago than their source keeps them, who the leads were of
 * whom nothing is left so, and what erasures that were broken off have left. Several gateways may do it at once.
 */
export async function eraseOutdated(desk: Desk, signal?: AbortSignal): Promise<void> {
  const now = desk.clock.now().getTime();
  const sources = await desk.store
    .em()
    .find(Source, { retentionDays: { $ne: null } }, { orderBy: { id: 'asc' } });
  let hasErased = false;
  for (const { id, retentionDays } of sources) {
    const before = new Date(now - retentionDays! * DAY_MS);
    hasErased = (await eraseOfSource(desk, { id, before }, signal)) || hasErased;
  }
  for await (const id of unfinishedLeads(desk)) {
    if (signal?.aborted) return;
    await finishErasure(desk, SYSTEM, id);
    hasErased = true;
  }
  const oldest = new Date(now - EARLY_EDIT_DAYS * DAY_MS);
  await desk.store.write((tx) => tx.em.nativeDelete(EarlyEdit, { editedAt: { $lt: oldest } }));
  if (hasErased) await scrub(desk);
}

type Outdated = { id: SourceId; before: Date };
type Count = { contacts: number; leads: number; dead_letters: number };

/** Answers whether there was anything; what was done is noted, also where it is broken off. */
async function eraseOfSource(desk: Desk, outdated: Outdated, signal?: AbortSignal): Promise<boolean> {
  const count: Count = { contacts: 0, leads: 0, dead_letters: 0 };
  const { id, before } = outdated;
  try {
    let ids = await dueOf(desk, outdated);
    while (ids.length > 0 && !signal?.aborted) {
      const erased = await desk.store.write((tx) => erasePart(desk, tx, outdated, ids));
      count.contacts += erased.contacts;
      count.leads += erased.leads;
      // On SQLite nothing in a commit leaves the event loop to others.
      await nextTurn();
      ids = await dueOf(desk, outdated);
    }
    count.dead_letters = await desk.store.write((tx) =>
      tx.em.nativeDelete(DeadLetter, { sourceId: id, createdAt: { $lt: before } }),
    );
  } finally {
    if (isAny(count)) await note(desk, id, count);
  }
  return isAny(count);
}

function isAny(count: Count): boolean {
  return Object.values(count).some((many) => many > 0);
}

async function note(desk: Desk, id: SourceId, after: Count): Promise<void> {
  const change = { action: 'retention.erased', subject: `source:${id}`, after };
  await desk.store.write((tx) => audit(tx, SYSTEM, { at: desk.clock.now(), ...change }));
  desk.log.info({ sourceId: id, ...after }, 'what is not to be kept was erased');
}

/**
 * The first contacts that are due; one with a reply that is still to be sent is not. The indexes hold only what is closed
 * and not erased, and what is to be sent: spelled out, not bound.
 */
async function dueOf(desk: Desk, { id, before }: Outdated): Promise<ContactId[]> {
  const rows = await desk.store.em().execute<{ id: number | string }[]>(
    `select id from contact where source_id = ? and closed_at < ? and status = 'closed' and erased_at is null
        and id not in (select m.contact_id from delivery d join message m on m.id = d.message_id
                        where d.source_id = ? and d.status in ('queued', 'sending'))
      order by closed_at limit ${CONTACTS_AT_ONCE}`,
    [id, before, id],
  );
  return rows.map((row) => Number(row.id) as ContactId);
}

/** Leads are locked before contacts, so that none of them writes meanwhile. */
async function erasePart(
  desk: Desk,
  tx: Tx,
  { before }: Outdated,
  ids: ContactId[],
): Promise<{ contacts: number; leads: number }> {
  const leads = await lockLeadsOf(tx, ids);
  const contacts = await lockForErasure(tx, ids);
  // Others may have been faster: one may be erased, opened again, or of another lead by now.
  const due = contacts.filter(
    ({ status, closedAt, erasedAt, lead }) =>
      status === 'closed' && closedAt && closedAt < before && !erasedAt && leads.has(lead.id),
  );
  const done = await eraseSome(desk, tx, due);
  await tx.em.flush();
  const forgotten = await forgetEmptied(desk, tx, done);
  await tellErased(desk, tx, SYSTEM, done);
  return { contacts: done.length, leads: forgotten };
}

async function lockLeadsOf(tx: Tx, ids: ContactId[]): Promise<ReadonlySet<LeadId>> {
  const leads = await tx.em.find(
    Contact,
    { id: { $in: ids } },
    { populate: ['lead'], disableIdentityMap: true },
  );
  const held = await tx.sql.lockLeads([...new Set(leads.map(({ lead }) => lead.externalId))]);
  return new Set(held.map(({ id }) => id));
}

/** Takes the names of leads that have nothing left but erased contacts; answers how many those were. */
async function forgetEmptied(desk: Desk, tx: Tx, erased: LoadedContact[]): Promise<number> {
  let count = 0;
  for (const id of new Set(erased.map(({ lead }) => lead.id))) {
    const kept = await tx.em.count(Contact, { lead: id, erasedAt: null });
    const lead = await tx.em.findOneOrFail(Lead, { id });
    if (kept > 0 || lead.erasedAt) continue;
    await forgetLead(desk, tx, lead);
    count += 1;
  }
  return count;
}
