import type { SqlEntityManager } from '@mikro-orm/sql';
import type { MessageId, SourceId } from '../contract/ids.ts';
import type { MessageStatus } from '../contract/message.ts';
import { Delivery, type DeliveryKind } from '../store/entities/delivery.ts';
import { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { standingOf } from './find-contact.ts';
import { recordMessage } from './trail.ts';
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

export type DeliveryOutcome =
  | { kind: 'sent'; externalId: string | null }
  | { kind: 'retry'; at: Date; error: string }
  | { kind: 'failed'; error: string }
  /** It may have been delivered: it is never sent again by itself. */
  | { kind: 'uncertain'; error: string };

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

/** The oldest unfinished delivery of each lane, where its time has come; those that have waited longest first. */
export async function dueDeliveries(desk: Desk, limit: number): Promise<DueDelivery[]> {
  const em = desk.store.em();
  const rows = await em.execute<DueRow[]>(
    `select d.id, d.source_id, d.lane, d.kind, d.chat, d.attempt, coalesce(d.text, m.text) as text, d.message_id,
            r.external_id as reply_to_external_id
       from delivery d left join message m on m.id = d.message_id left join message r on r.id = m.reply_to
      where d.status = 'queued' and d.next_at <= ? and ${FIRST_OF_LANE}
      order by d.next_at, d.id limit ?`,
    [desk.clock.now(), limit],
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

/** When the next delivery is due, which may have passed; null when nothing is to be sent. */
export async function nextDeliveryAt(desk: Desk): Promise<Date | null> {
  const [row] = await desk.store
    .em()
    .execute<{ at: number | string | null }[]>(
      `select min(d.next_at) as at from delivery d where d.status = 'queued' and ${FIRST_OF_LANE}`,
    );
  return row === undefined || row.at === null ? null : new Date(row.at);
}

/** Takes a delivery to send it; resolves after COMMIT. False when somebody else was faster. */
export function claimDelivery(desk: Desk, id: number): Promise<boolean> {
  return desk.store.write(async (tx) => {
    const updatedAt = desk.clock.now();
    const claimed = await tx.em.execute<{ affectedRows: number }>(
      `update delivery set status = 'sending', attempt = attempt + 1, updated_at = ? where id = ? and status = 'queued'`,
      [updatedAt, id],
      'run',
    );
    if (claimed.affectedRows === 0) return false;
    const delivery = await tx.em.findOneOrFail(Delivery, { id });
    await stampMessage(desk, tx, delivery, { status: 'sending' });
    return true;
  });
}

/** Notes how a delivery went, on it and on its message. What is already finished stays as it is. */
export async function settleDelivery(desk: Desk, id: number, outcome: DeliveryOutcome): Promise<void> {
  await desk.store.write(async (tx) => {
    const delivery = await tx.em.findOne(Delivery, { id });
    // A start that was too careful may have called it uncertain meanwhile: what really came out counts.
    if (delivery === null || delivery.status === 'sent' || delivery.status === 'failed') return;
    await settle(desk, tx, delivery, outcome);
  });
}

/**
 * At start: what a crash left under way. A post is made again, because callbacks are at-least-once; a message that
 * Telegram may have delivered is `uncertain`, because it is never sent twice.
 */
export async function recoverDeliveries(desk: Desk): Promise<void> {
  await desk.store.write(async (tx) => {
    const left = await tx.em.find(Delivery, { status: 'sending' }, { orderBy: { id: 'asc' } });
    const error = 'interrupted';
    for (const delivery of left) {
      switch (delivery.kind) {
        case 'callback':
          await settle(desk, tx, delivery, { kind: 'retry', at: desk.clock.now(), error });
          break;
        case 'telegram':
          await settle(desk, tx, delivery, { kind: 'uncertain', error });
      }
    }
  });
}

const STATUS_OF = {
  sent: 'sent',
  retry: 'queued',
  failed: 'failed',
  uncertain: 'uncertain',
} as const satisfies Record<DeliveryOutcome['kind'], MessageStatus>;

async function settle(desk: Desk, tx: Tx, delivery: Delivery, outcome: DeliveryOutcome): Promise<void> {
  const status = STATUS_OF[outcome.kind];
  const error = outcome.kind === 'sent' ? null : outcome.error;
  delivery.status = status;
  delivery.error = error;
  delivery.updatedAt = desk.clock.now();
  if (outcome.kind === 'retry') delivery.nextAt = outcome.at;
  await tx.em.flush();
  const externalId = outcome.kind === 'sent' ? outcome.externalId : null;
  await stampMessage(desk, tx, delivery, { status, error, externalId });
}

type Stamp = { status: MessageStatus; error?: string | null; externalId?: string | null };

const SYSTEM: Actor = { kind: 'system' };

async function stampMessage(desk: Desk, tx: Tx, delivery: Delivery, stamp: Stamp): Promise<void> {
  if (!delivery.message) return;
  const { status, error = null, externalId = null } = stamp;
  const at = desk.clock.now();
  const message = await tx.em.findOneOrFail(
    Message,
    { id: delivery.message.id },
    { populate: ['contact.lead', 'contact.source', 'contact.operator'] },
  );
  message.status = status;
  message.error = error;
  // An id that is taken already belongs to another server's numbering: that the reply went out counts.
  if (externalId !== null && !(await isTaken(tx, message, externalId))) message.externalId = externalId;
  if (status === 'sent') message.sentAt = at;
  await tx.em.flush();
  const wire = messageView(message.contact.id, message);
  const contact = standingOf(message.contact);
  recordMessage(tx, { type: 'message.updated', at, message: wire, contact, actor: SYSTEM });
}

async function isTaken(tx: Tx, { id, sourceId }: Message, externalId: string): Promise<boolean> {
  return (await tx.em.count(Message, { sourceId, externalId, id: { $ne: id } })) > 0;
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
