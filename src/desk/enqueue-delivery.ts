import type { SourceId } from '../contract/ids.ts';
import { Delivery } from '../store/entities/delivery.ts';
import type { Message } from '../store/entities/message.ts';
import type { Tx } from '../store/write.ts';
import type { WayOut } from './way-out.ts';

type Leaving = { message: Message; sourceId: SourceId; way: WayOut; at: Date };

/** Puts a message at the end of its lane in the outbox, where its way leads through there; flush it. */
export function enqueueDelivery(tx: Tx, { message, sourceId, way, at }: Leaving): void {
  switch (way.by) {
    case 'nothing':
    case 'event':
      return;
    case 'telegram':
    case 'callback': {
      const { by: kind, lane, chat } = way;
      const times = { nextAt: at, createdAt: at, updatedAt: at };
      tx.em.create(Delivery, { sourceId, message, kind, lane, chat, status: 'queued', attempt: 0, ...times });
    }
  }
}
