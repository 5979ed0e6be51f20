import type { ContactId, LeadId, SourceId } from '../contract/ids.ts';
import type { Tx } from '../store/write.ts';

/** The contacts of a lead on a source that have a chat, with that chat, newest first. */
export async function chatsOf(
  tx: Tx,
  leadId: LeadId,
  sourceId: SourceId,
): Promise<{ id: ContactId; chat: string }[]> {
  // The plus keeps the planner off the index by source: a lead has few contacts, a source has all of them.
  const rows = await tx.em.execute<{ id: number | string; chat: string }[]>(
    'select id, chat from contact where lead_id = ? and +source_id = ? and chat is not null order by id desc',
    [leadId, sourceId],
  );
  return rows.map(({ id, chat }) => ({ id: Number(id) as ContactId, chat }));
}
