import type { LeadId, SourceId } from '../contract/ids.ts';
import { Delivery } from '../store/entities/delivery.ts';
import type { Tx } from '../store/write.ts';

/** The order in which a lead of a webhook source is answered. */
export function laneOfLead(leadId: LeadId): string {
  return `lead:${leadId}`;
}

/** The order in which a bot speaks in a chat. */
export function laneOfChat(chat: string): string {
  return `chat:${chat}`;
}

type Lane = { sourceId: SourceId; lane: string };

// Spelled out, not bound: only so does SQLite know its index of what is unfinished.
const UNFINISHED = `status in ('queued', 'sending')`;

/** What waits in a lane, oldest first. */
export async function queuedIn(tx: Tx, { sourceId, lane }: Lane): Promise<Delivery[]> {
  const rows = await tx.em.execute<{ id: number | string }[]>(
    `select id from delivery where source_id = ? and lane = ? and ${UNFINISHED} and status = 'queued'`,
    [sourceId, lane],
  );
  const ids = rows.map(({ id }) => Number(id));
  return tx.em.find(Delivery, { id: { $in: ids } }, { orderBy: { id: 'asc' } });
}

/** How much of a source is not finished; it counts up to `atMost`. */
export async function countUnfinished(tx: Tx, sourceId: SourceId, atMost: number): Promise<number> {
  const rows = await tx.em.execute<unknown[]>(
    `select 1 from delivery where source_id = ? and ${UNFINISHED} limit ?`,
    [sourceId, atMost],
  );
  return rows.length;
}

/** What is not finished in the lane of a chat goes on in that of another. */
export async function moveLane(tx: Tx, { sourceId, lane }: Lane, chat: string): Promise<void> {
  await tx.em.execute(
    `update delivery set lane = ?, chat = ? where source_id = ? and lane = ? and ${UNFINISHED}`,
    [laneOfChat(chat), chat, sourceId, lane],
  );
}

/** What is not finished of a lead's answers goes on in the order of another lead. */
export async function moveAnswers(tx: Tx, from: LeadId, into: LeadId): Promise<void> {
  await tx.em.execute(`update delivery set lane = ? where lane = ? and ${UNFINISHED}`, [
    laneOfLead(into),
    laneOfLead(from),
  ]);
}
