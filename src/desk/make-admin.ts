import type { OperatorId, SourceId } from '../contract/ids.ts';
import { OperatorCreate } from '../contract/operator.ts';
import { invalid } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { bumpConfiguration, moveQueues } from './configuration.ts';
import { addOperator } from './create-operator.ts';
import type { Desk } from './desk.ts';
import { endSessions } from './end-sessions.ts';
import { emailOf } from './find-operator.ts';
import { type IssuedInvite, issueInvite } from './invite-operator.ts';
import { keepPassword } from './keep-password.ts';
import { checkNewPassword } from './new-password.ts';
import { hashPassword } from './password-hash.ts';
import { authorizeAny } from './policy.ts';
import { changeOperator } from './update-operator.ts';

/** `name` may be left out for an operator that is there; without a password an invite is made. */
export type NewAdmin = { email: string; name?: string; password?: string };

/**
 * Makes an admin, or makes the operator with this e-mail an active one. It is the way back in for whoever owns the
 * machine, so it works whether or not there is an admin. Answers the invite, null where a password was given.
 * Throws Problem('forbidden') or Problem('invalid').
 */
export async function makeAdmin(desk: Desk, actor: Actor, input: NewAdmin): Promise<IssuedInvite | null> {
  authorizeAny(actor, 'configure');
  const { email, name = '', password } = input;
  if (password !== undefined) await checkNewPassword(password, { email, name, field: 'password' });
  const hash = password === undefined ? null : await hashPassword(password);
  const { sources, invite } = await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const { id, sources: moving } = await adminWith(desk, tx, actor, input);
    return { sources: moving, invite: await letIn(desk, tx, actor, { id, hash }) };
  });
  await moveQueues(desk, { sources });
  return invite;
}

type Made = { id: OperatorId; sources: SourceId[] };

async function adminWith(desk: Desk, tx: Tx, actor: Actor, { email, name }: NewAdmin): Promise<Made> {
  const found = await tx.em.findOne(Operator, { email: emailOf(email) });
  if (found !== null) {
    const update = { name, role: 'admin', is_active: true } as const;
    const { sources } = await changeOperator(desk, tx, actor, { id: found.id, input: update });
    return { id: found.id, sources: [...sources] };
  }
  if (name === undefined) throw invalid('name', 'is needed: nobody has this e-mail');
  const input = OperatorCreate.parse({ name, email, role: 'admin' });
  return { id: (await addOperator(desk, tx, actor, input)).id, sources: [] };
}

async function letIn(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { id, hash }: { id: OperatorId; hash: string | null },
): Promise<IssuedInvite | null> {
  if (hash === null) return issueInvite(desk, tx, actor, id);
  const at = desk.clock.now();
  await keepPassword(tx, id, hash, at);
  await audit(tx, actor, { at, action: 'password.set', subject: `operator:${id}` });
  await endSessions(desk, tx, id);
  return null;
}
