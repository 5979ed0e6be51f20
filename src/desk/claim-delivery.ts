import { Delivery } from '../store/entities/delivery.ts';
import type { Desk } from './desk.ts';
import { assertFence, type Fence } from './leases.ts';
import { stampMessage } from './stamp-message.ts';

/**
 * Takes a delivery to send it; resolves after COMMIT. False when somebody else was faster. Raises Fenced when somebody
 * else sends for the source by now.
 */
export function claimDelivery(desk: Desk, id: number, fence: Fence | null = null): Promise<boolean> {
  return desk.store.write(async (tx) => {
    await assertFence(tx, desk, fence);
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
