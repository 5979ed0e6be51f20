import type { OwnSession } from '../contract/access.ts';
import type { SessionId } from '../contract/ids.ts';
import type { Page, PageQuery } from '../contract/page.ts';
import { Problem } from '../problem.ts';
import { Session } from '../store/entities/session.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { subjectOf } from './begin-session.ts';
import { endCredentials } from './credential-cache.ts';
import { SESSION_IDLE_MS } from './credential-rows.ts';
import type { Desk } from './desk.ts';
import { pageById, readIdCursor } from './page.ts';
import { authorize, operatorOf } from './policy.ts';

/** Where the actor's operator is signed in, newest first. Throws Problem('forbidden'), Problem('no-operator') or Problem('invalid'). */
export async function listOwnSessions(desk: Desk, actor: Actor, query: PageQuery): Promise<Page<OwnSession>> {
  authorize(actor, 'session.own');
  const operator = operatorOf(actor);
  const end = readIdCursor<SessionId>(query.cursor);
  const now = desk.clock.now();
  const idleSince = new Date(now.getTime() - SESSION_IDLE_MS);
  const rows = await desk.store.em().find(
    Session,
    {
      operator,
      expiresAt: { $gt: now },
      lastUsedAt: { $gt: idleSince },
      ...(end !== null && { id: { $lt: end } }),
    },
    { orderBy: { id: 'desc' }, limit: query.limit + 1 },
  );
  const current = sessionOf(actor);
  return pageById(rows, query.limit, (row) => ({ ...ownSessionView(row), is_current: row.id === current }));
}

/**
 * Signs the actor's operator out in one place. Throws Problem('forbidden'), Problem('no-operator'), or
 * Problem('not-found'), for a session of somebody else too.
 */
export async function endOwnSession(desk: Desk, actor: Actor, id: SessionId): Promise<void> {
  authorize(actor, 'session.own');
  const operator = operatorOf(actor);
  await desk.store.write(async (tx) => {
    if ((await tx.em.nativeDelete(Session, { id, operator })) === 0)
      throw new Problem('not-found', { detail: `You have no session ${id}.` });
    const change = { action: 'session.ended', subject: subjectOf(operator), before: { session: id } };
    await audit(tx, actor, { at: desk.clock.now(), ...change });
    await endCredentials(desk, tx);
  });
}

/** Signs the actor's operator out everywhere but here. Throws Problem('forbidden') or Problem('no-operator'). */
export async function endOtherSessions(desk: Desk, actor: Actor): Promise<void> {
  authorize(actor, 'session.own');
  const operator = operatorOf(actor);
  const current = sessionOf(actor);
  await desk.store.write(async (tx) => {
    const others = { operator, ...(current !== null && { id: { $ne: current } }) };
    const ended = await tx.em.nativeDelete(Session, others);
    if (ended === 0) return;
    const change = { action: 'session.ended', subject: subjectOf(operator), before: { sessions: ended } };
    await audit(tx, actor, { at: desk.clock.now(), ...change });
    await endCredentials(desk, tx);
  });
}

/** Signs out here. Throws Problem('forbidden') for who has not signed in, but shows a token. */
export async function signOut(desk: Desk, actor: Actor): Promise<void> {
  await endOwnSession(desk, actor, currentSession(actor));
}

/** The session with which somebody acts. Throws Problem('forbidden') when it is none. */
export function currentSession(actor: Actor): SessionId {
  authorize(actor, 'session.own');
  const id = sessionOf(actor);
  if (id === null)
    throw new Problem('forbidden', { detail: 'This is for who has signed in, not for tokens.' });
  return id;
}

function sessionOf(actor: Actor): SessionId | null {
  return actor.kind === 'caller' && actor.credential.kind === 'session' ? actor.credential.id : null;
}

function ownSessionView(row: Session): Omit<OwnSession, 'is_current'> {
  return {
    id: row.id,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    address: row.address ?? null,
    user_agent: row.userAgent ?? null,
  };
}
