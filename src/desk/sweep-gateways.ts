import { Lease } from '../store/entities/lease.ts';
import { Presence } from '../store/entities/presence.ts';
import type { Desk } from './desk.ts';
import { gatewayOf, type Holder, type LeaseView } from './leases.ts';
import { resumeQueues } from './resume-queues.ts';
import { setPresence } from './set-presence.ts';

// With the life of a lease about the 60 seconds of grace that an operator has to come back.
const GRACE_MS = 45_000;

/**
 * Cleans up behind gateways that have ended: what they were about to do with the queues is done, once, and after a
 * grace to come back, whoever had a console open at one of them alone is offline. Where no other gateway can be there,
 * nothing is left of any, and the queues were looked at by the start. `known` keeps which were noticed before.
 */
export async function sweepGateways(
  desk: Desk,
  { gateway, isSole }: Holder,
  leases: readonly LeaseView[],
  known: Set<string>,
): Promise<void> {
  const ended = leases.filter(
    ({ name, isLive }) => gatewayOf(name) !== null && gatewayOf(name) !== gateway && (isSole || !isLive),
  );
  for (const name of known) if (!ended.some((lease) => lease.name === name)) known.delete(name);
  const news = ended.filter(({ name }) => !known.has(name));
  if (news.length > 0 && !isSole) await resumeQueues(desk);
  for (const { name } of news) known.add(name);
  for (const { name, endedFor } of ended) if (isSole || endedFor >= GRACE_MS) await forget(desk, name);
}

async function forget(desk: Desk, lease: string): Promise<void> {
  const gateway = gatewayOf(lease)!;
  const present = await desk.store.em().find(Presence, { gateway });
  for (const { operator } of present)
    await setPresence(desk, { operatorId: operator.id, gateway, isOnline: false });
  await desk.store.write((tx) => tx.em.nativeDelete(Lease, { name: lease }));
}
