import type { SourceId } from '../contract/ids.ts';
import { Delivery } from '../store/entities/delivery.ts';
import type { Desk } from './desk.ts';
import { assertFence, type Fence } from './leases.ts';
import { settle } from './settle-delivery.ts';

/**
 * Takes over what an earlier sender of a source left under way. A post is made again, because callbacks are
 * at-least-once; a message that Telegram may have delivered is `uncertain`, because it is never sent twice. Raises
 * Fenced when somebody else sends for the source by now.
 */
export async function recoverDeliveries(desk: Desk, sourceId: SourceId, fence: Fence | null): Promise<void> {
  await desk.store.write(async (tx) => {
    await assertFence(tx, desk, fence);
    const left = await tx.em.find(Delivery, { sourceId, status: 'sending' }, { orderBy: { id: 'asc' } });
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
