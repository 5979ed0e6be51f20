import type { PasswordChange } from '../contract/access.ts';
import { invalid } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { beginSession, type Begun, subjectOf, type Visitor } from './begin-session.ts';
import type { Desk } from './desk.ts';
import { endSessions } from './end-sessions.ts';
import { holdActive, keepPassword, keptPassword } from './keep-password.ts';
import { checkNewPassword } from './new-password.ts';
import { currentSession } from './own-sessions.ts';
import { hashPassword, isPassword } from './password-hash.ts';
import { operatorOf } from './policy.ts';

/**
 * Sets another password for who has signed in. Every session of the operator ends, this one too: a new one begins.
 * Throws Problem('forbidden') for a token, Problem('invalid') at `current_password` or `new_password`, or
 * Problem('too-many-requests').
 */
export async function changePassword(
  desk: Desk,
  actor: Actor,
  input: PasswordChange,
  visitor: Visitor,
): Promise<Begun> {
  currentSession(actor);
  const operatorId = operatorOf(actor);
  const em = desk.store.em();
  const kept = await keptPassword(em, operatorId);
  if (!(await isPassword(kept, input.current_password))) throw wrong();
  const { email = null, name } = await em.findOneOrFail(Operator, { id: operatorId });
  await checkNewPassword(input.new_password, { email, name, field: 'new_password' });
  const hash = await hashPassword(input.new_password);
  return desk.store.write(async (tx) => {
    const operator = await holdActive(tx, operatorId);
    // Somebody else may have set it meanwhile.
    if (operator === null || (await keptPassword(tx.em, operatorId)) !== kept) throw wrong();
    const at = desk.clock.now();
    await keepPassword(tx, operatorId, hash, at);
    await audit(tx, actor, { at, action: 'password.changed', subject: subjectOf(operatorId) });
    const begun = await beginSession(desk, tx, operator, visitor);
    await endSessions(desk, tx, operatorId, begun.sessionId);
    return begun;
  });
}

function wrong() {
  return invalid('current_password', 'is not the password');
}
