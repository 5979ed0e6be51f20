import { randomBytes } from 'node:crypto';
import type { OperatorId, SessionId } from '../contract/ids.ts';
import { storable } from '../contract/text.ts';
import type { Operator } from '../store/entities/operator.ts';
import { Session } from '../store/entities/session.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { sha256, type Shown } from './authenticate.ts';
import { endCredentials } from './credential-cache.ts';
import { SESSION_IDLE_MS } from './credential-rows.ts';
import type { Desk } from './desk.ts';

/** A session ends after so long, however much it is used. */
export const SESSION_MS = 7 * 24 * 3_600_000;

const LONGEST_AGENT = 400;

/** Where somebody knocks from. */
export type Visitor = {
  address: string | null;
  userAgent: string | null;
  /** The session that the browser holds already. */
  held: Shown | null;
};

/** A session that has just begun; the secret is what the cookie holds, and stands nowhere else. */
export type Begun = { secret: string; sessionId: SessionId; actor: Actor };

/**
 * Begins a session, always under a secret of its own; one that the browser held ends, whoever's it was. What has
 * expired is swept away.
 */
export async function beginSession(
  desk: Desk,
  tx: Tx,
  operator: Operator,
  { address, userAgent, held }: Visitor,
): Promise<Begun> {
  const secret = randomBytes(32).toString('base64url');
  const at = desk.clock.now();
  await sweep(tx, at);
  const inserted: unknown = await tx.em.insert(Session, {
    hash: sha256(secret).toString('hex'),
    operator: operator.id,
    createdAt: at,
    lastUsedAt: at,
    expiresAt: new Date(at.getTime() + SESSION_MS),
    address,
    userAgent: userAgent === null ? null : storable(userAgent.slice(0, LONGEST_AGENT)),
  });
  // PostgreSQL's driver answers 64 bits as text.
  const id = Number(inserted) as SessionId;
  const actor = sessionActor(operator, id, address);
  await audit(tx, actor, { at, action: 'session.created', subject: subjectOf(operator.id) });
  if (held !== null && (await tx.em.nativeDelete(Session, { hash: sha256(held.secret).toString('hex') })) > 0)
    await endCredentials(desk, tx);
  return { secret, sessionId: id, actor };
}

/** In the audit log sessions and passwords stand with their operator. */
export function subjectOf(operatorId: OperatorId): string {
  return `operator:${operatorId}`;
}

function sessionActor({ id: operatorId, role }: Operator, id: SessionId, address: string | null): Actor {
  const credential = { kind: 'session', id } as const;
  return { kind: 'caller', credential, role, scope: 'full', operatorId, address, rateLimit: null };
}

async function sweep(tx: Tx, now: Date): Promise<void> {
  const idleSince = new Date(now.getTime() - SESSION_IDLE_MS);
  await tx.em.nativeDelete(Session, {
    $or: [{ expiresAt: { $lt: now } }, { lastUsedAt: { $lt: idleSince } }],
  });
}
