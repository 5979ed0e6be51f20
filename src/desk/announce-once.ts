import type { SourceId } from '../contract/ids.ts';
import { Announcement } from '../store/entities/announcement.ts';
import { Delivery } from '../store/entities/delivery.ts';
import type { Desk } from './desk.ts';
import { laneOfChat } from './lanes.ts';

/** A line that a bot says by itself. */
export type Notice = { sourceId: SourceId; chat: string; topic: 'private-only'; text: string };

/** Has a bot say a line in a chat, once for each topic; it goes out by the delivery table like a reply. */
export function announceOnce(desk: Desk, { sourceId, chat, topic, text }: Notice): Promise<void> {
  return desk.store.write(async (tx) => {
    const said = await tx.em.findOne(Announcement, { sourceId, chat, topic });
    if (said !== null) return;
    const at = desk.clock.now();
    await tx.em.insert(Announcement, { sourceId, chat, topic, at });
    await tx.em.insert(Delivery, {
      sourceId,
      kind: 'telegram',
      lane: laneOfChat(chat),
      chat,
      text,
      status: 'queued',
      attempt: 0,
      nextAt: at,
      createdAt: at,
      updatedAt: at,
    });
  });
}
