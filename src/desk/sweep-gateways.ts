import { Lease } from '../store/entities/lease.ts';
import { Presence } from '../store/entities/presence.ts';
import type { Desk } from './desk.ts';
import { gatewayOf, type Holder, type LeaseView } from './leases.ts';
import { resumeQueues } from './resume-queues.ts';
import { setPresence } from './set-presence.ts';

/** The ended gateways that were noticed, by their leases, and when that was. */
export type Noticed = Map<string, number>;

type Swept = { leases: readonly LeaseView[]; noticed: Noticed; graceMs: number };

/**
 * Cleans up behind gateways that have ended: what they were about to do with the queues is done, once, and after a
 * grace to come back, whoever had a console open at one of them alone is offline. The grace begins when this gateway
 * notices the end: while none ran, nobody could come back. Where no other gateway can be there, nothing is left of any,
 * and the queues were looked at by the start.
 */
export async function sweepGateways(
  desk: Desk,
  { gateway, isSole }: Holder,
  { leases, noticed, graceMs }: Swept,
): Promise<void> {
  const ended = leases
    .filter(
      ({ name, isLive }) => gatewayOf(name) !== null && gatewayOf(name) !== gateway && (isSole || !isLive),
    )
    .map(({ name }) => name);
  for (const name of noticed.keys()) if (!ended.includes(name)) noticed.delete(name);
  const news = ended.filter((name) => !noticed.has(name));
  if (news.length > 0 && !isSole) await resumeQueues(desk);
  for (const name of news) noticed.set(name, performance.now());
  for (const [name, at] of noticed) if (performance.now() - at >= graceMs) await forget(desk, name);
}

async function forget(desk: Desk, lease: string): Promise<void> {
  const gateway = gatewayOf(lease)!;
  const present = await desk.store.em().find(Presence, { gateway });
  const noted = present.map(({ operator }) => operator.id);
  let isClean = true;
  for (const operatorId of noted) {
    try {
      await setPresence(desk, { operatorId, gateway, isOnline: false });
    } catch (error) {
      // The others shall not wait for it; the next look tries it again.
      isClean = false;
      desk.log.error({ err: error, operator: operatorId }, 'an operator was not noted as offline');
    }
  }
  if (isClean) await desk.store.write((tx) => tx.em.nativeDelete(Lease, { name: lease }));
}
