import { Problem } from '../problem.ts';
import { Announcement } from '../store/entities/announcement.ts';
import { Contact } from '../store/entities/contact.ts';
import { Delivery } from '../store/entities/delivery.ts';
import { EarlyEdit } from '../store/entities/early-edit.ts';
import { Lease } from '../store/entities/lease.ts';
import { isForeignKeyViolation } from '../store/faults.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { keepGone } from './config-parts.ts';
import { bumpConfiguration, recordSource } from './configuration.ts';
import type { Desk } from './desk.ts';
import { findSource } from './find-source.ts';
import { sourceLease } from './leases.ts';
import { authorizeAny } from './policy.ts';
import { sourceView } from './views.ts';

/**
 * Deletes a source with its weights and what it still had to say by itself; dead letters stay.
 * Throws Problem('source-in-use') while any contact names it, Problem('forbidden') or Problem('not-found').
 */
export async function deleteSource(desk: Desk, actor: Actor, ref: string): Promise<void> {
  authorizeAny(actor, 'configure');
  try {
    await desk.store.write((tx) => removeSource(desk, tx, actor, ref));
  } catch (error) {
    // On PostgreSQL a contact may arrive between the look and the deletion.
    if (isForeignKeyViolation(error)) throw new Problem('source-in-use', {}, { cause: error });
    throw error;
  }
}

async function removeSource(desk: Desk, tx: Tx, actor: Actor, ref: string): Promise<void> {
  await bumpConfiguration(tx);
  const source = await findSource(tx.em, ref);
  const sourceId = source.id;
  const named = await tx.em.findOne(Contact, { source: sourceId }, { fields: ['id'] });
  if (named !== null) throw new Problem('source-in-use');
  // Told in its last form: whoever follows the sources reads them again and misses it.
  const at = desk.clock.now();
  recordSource(tx, actor, at, sourceView(source));
  await keepGone(tx, actor, at, { kind: 'source', refId: sourceId });
  await keepGone(tx, actor, at, { kind: 'weights', refId: sourceId });
  await tx.em.nativeDelete(Lease, { name: sourceLease(sourceId) });
  await tx.em.nativeDelete(Announcement, { sourceId });
  await tx.em.nativeDelete(Delivery, { sourceId });
  await tx.em.nativeDelete(EarlyEdit, { sourceId });
  tx.em.remove(source);
  await tx.em.flush();
  tx.afterCommit(() => desk.channelCache.clear());
}
