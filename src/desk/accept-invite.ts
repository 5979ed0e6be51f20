import type { InviteAccept, Invited } from '../contract/access.ts';
import { Problem } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';
import { audit } from './audit-log.ts';
import { beginSession, type Begun, subjectOf, type Visitor } from './begin-session.ts';
import type { Desk } from './desk.ts';
import { endSessions } from './end-sessions.ts';
import { holdActive, keepPassword } from './keep-password.ts';
import { checkNewPassword } from './new-password.ts';
import { lookAtCode, useCode } from './one-time-codes.ts';
import { hashPassword } from './password-hash.ts';

/** For whom an invite is; it can be used afterwards as before. Throws Problem('bad-code'). */
export async function lookAtInvite(desk: Desk, code: string): Promise<Invited> {
  const { name, email } = await invitedBy(desk, code);
  return { name, email };
}

/**
 * Sets the password of an invited operator and signs it in; its other sessions and invites end. Throws
 * Problem('bad-code'), Problem('invalid') for a password that is guessed first, or Problem('too-many-requests').
 */
export async function acceptInvite(
  desk: Desk,
  { code, password }: InviteAccept,
  visitor: Visitor,
): Promise<Begun> {
  const { id, name, email } = await invitedBy(desk, code);
  await checkNewPassword(password, { email, name, field: 'password' });
  const hash = await hashPassword(password);
  return desk.store.write(async (tx) => {
    const operator = await holdActive(tx, id);
    if (operator === null) throw new Problem('bad-code');
    const at = desk.clock.now();
    await useCode(tx, 'password', code, at);
    await keepPassword(tx, id, hash, at);
    const begun = await beginSession(desk, tx, operator, visitor);
    await audit(tx, begun.actor, { at, action: 'password.set', subject: subjectOf(id) });
    await endSessions(desk, tx, id, begun.sessionId);
    return begun;
  });
}

async function invitedBy(desk: Desk, code: string): Promise<Invited & Pick<Operator, 'id'>> {
  const em = desk.store.em();
  const id = await lookAtCode(em, 'password', code, desk.clock.now());
  const operator = id === null ? null : await em.findOne(Operator, { id, isActive: true });
  // Without an e-mail nobody signs in, so there is nothing to set a password for.
  if (operator?.email == null) throw new Problem('bad-code');
  return { id: operator.id, name: operator.name, email: operator.email };
}
