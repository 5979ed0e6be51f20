import type { SqlEntityManager } from '@mikro-orm/sql';
import type { MessageId, SourceId } from '../contract/ids.ts';
import type { DeliveryKind } from '../store/entities/delivery.ts';
import { Message } from '../store/entities/message.ts';
import type { Desk } from './desk.ts';
import { contactView, leadView, messageView } from './views.ts';

/** Something whose turn it is to be sent. */
export type DueDelivery = {
  id: number;
  sourceId: SourceId;
  lane: string;
  kind: DeliveryKind;
  chat: string | null;
  /** How many times it was tried before. */
  attempt: number;
  text: string;
  /** null: a line of the bot itself. */
  messageId: MessageId | null;
  /** The message it answers, by its id where it came from. */
  replyToExternalId: string | null;
  /** Of a callback, the JSON to post; else null. */
  body: unknown;
};

type DueRow = {
  id: number | string;
  source_id: number | string;
  lane: string;
  kind: DeliveryKind;
  chat: string | null;
  attempt: number;
  text: string | null;
  message_id: number | string | null;
  reply_to_external_id: string | null;
};

// Of one lane only the oldest unfinished one may go out, so what is said first arrives first.
const FIRST_OF_LANE = `not exists (select 1 from delivery o where o.source_id = d.source_id and o.lane = d.lane
  and o.id < d.id and o.status in ('queued', 'sending'))`;

/**
 * Of each source the oldest unfinished deliveries of its lanes, where their time has come: those that have waited
 * longest first, at most `perSource`.
 */
export async function dueDeliveries(
  desk: Desk,
  sourceIds: readonly SourceId[],
  perSource: number,
): Promise<DueDelivery[]> {
  if (sourceIds.length === 0) return [];
  const em = desk.store.em();
  const rows = await em.execute<DueRow[]>(
    `select d.id, d.source_id, d.lane, d.kind, d.chat, d.attempt, coalesce(d.text, m.text) as text, d.message_id,
            r.external_id as reply_to_external_id
       from (select d.*, row_number() over (partition by d.source_id order by d.next_at, d.id) as place
               from delivery d
              where d.status = 'queued' and d.next_at <= ? and d.source_id in (${marks(sourceIds)})
                and ${FIRST_OF_LANE}) d
            left join message m on m.id = d.message_id left join message r on r.id = m.reply_to
      where d.place <= ? order by d.next_at, d.id`,
    [desk.clock.now(), ...sourceIds, perSource],
  );
  const bodies = await callbackBodies(em, rows);
  return rows.map((row) => {
    const messageId = row.message_id === null ? null : (Number(row.message_id) as MessageId);
    return {
      id: Number(row.id),
      sourceId: Number(row.source_id) as SourceId,
      lane: row.lane,
      kind: row.kind,
      chat: row.chat,
      attempt: row.attempt,
      text: row.text ?? '',
      messageId,
      replyToExternalId: row.reply_to_external_id,
      body: messageId === null ? null : (bodies.get(messageId) ?? null),
    };
  });
}

/** When the next delivery of these sources is due, which may have passed; null when nothing is to be sent. */
export async function nextDeliveryAt(desk: Desk, sourceIds: readonly SourceId[]): Promise<Date | null> {
  if (sourceIds.length === 0) return null;
  const [row] = await desk.store.em().execute<{ at: number | string | null }[]>(
    `select min(d.next_at) as at from delivery d
      where d.status = 'queued' and d.source_id in (${marks(sourceIds)}) and ${FIRST_OF_LANE}`,
    [...sourceIds],
  );
  return row === undefined || row.at === null ? null : new Date(row.at);
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

/** What is posted to a webhook source, by message. */
async function callbackBodies(em: SqlEntityManager, rows: DueRow[]): Promise<Map<MessageId, unknown>> {
  const ids = rows.flatMap(({ kind, message_id: id }) =>
    kind === 'callback' && id !== null ? [Number(id) as MessageId] : [],
  );
  if (ids.length === 0) return new Map();
  const messages = await em.find(
    Message,
    { id: { $in: ids } },
    { populate: ['contact.lead', 'contact.source', 'contact.operator'] },
  );
  return new Map(
    messages.map((message) => {
      const { contact, createdAt } = message;
      const words = {
        message: messageView(contact.id, message),
        contact: contactView(contact),
        lead: leadView(contact.lead),
      };
      return [message.id, { type: 'message.created', timestamp: createdAt.toISOString(), data: words }];
    }),
  );
}
