import type { OperatorId, SessionId } from '../contract/ids.ts';
import { OneTimeCode } from '../store/entities/one-time-code.ts';
import { Session } from '../store/entities/session.ts';
import type { Tx } from '../store/write.ts';
import { endCredentials } from './credential-cache.ts';
import type { Desk } from './desk.ts';

/**
 * Ends the sessions of an operator, but for the one that is kept, and the links by which a password could be set. Its
 * sockets close within a second. The last statements of a change: see `endCredentials`.
 */
export async function endSessions(
  desk: Desk,
  tx: Tx,
  operator: OperatorId,
  kept: SessionId | null = null,
): Promise<void> {
  await tx.em.nativeDelete(OneTimeCode, { operator });
  await tx.em.nativeDelete(Session, { operator, ...(kept !== null && { id: { $ne: kept } }) });
  await endCredentials(desk, tx);
}
