import type { SignIn } from '../contract/access.ts';
import type { OperatorId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { Password } from '../store/entities/password.ts';
import { audit } from './audit-log.ts';
import { beginSession, type Begun, subjectOf, type Visitor } from './begin-session.ts';
import type { Desk } from './desk.ts';
import { emailOf } from './find-operator.ts';
import { holdActive, keptPassword } from './keep-password.ts';
import { hashPassword, isOutdated, isPassword } from './password-hash.ts';

/** `hash` is null where nobody can sign in. */
type Account = { operatorId: OperatorId | null; hash: string | null };

/**
 * Begins a session for whoever knows the password. Takes as long whether or not the e-mail is known, has a password and
 * is active. A password that was hashed with other parameters is hashed anew.
 * Throws Problem('bad-sign-in'), or Problem('too-many-requests') while too many sign in.
 */
export async function signIn(desk: Desk, input: SignIn, visitor: Visitor): Promise<Begun> {
  const account = await accountOf(desk, input.email);
  const begun = (await isPassword(account.hash, input.password))
    ? await begin(desk, account as Good, input.password, visitor)
    : null;
  if (begun !== null) return begun;
  await noteRefusal(desk, account, visitor);
  throw new Problem('bad-sign-in');
}

type Good = { operatorId: OperatorId; hash: string };

/** Null when the operator was deactivated, or its password set, while this one was looked at. */
async function begin(
  desk: Desk,
  { operatorId, hash }: Good,
  password: string,
  visitor: Visitor,
): Promise<Begun | null> {
  const fresh = isOutdated(hash) ? await hashPassword(password) : null;
  return desk.store.write(async (tx) => {
    const operator = await holdActive(tx, operatorId);
    if (operator === null || (await keptPassword(tx.em, operatorId)) !== hash) return null;
    if (fresh !== null) await tx.em.nativeUpdate(Password, { operator: operatorId }, { hash: fresh });
    return beginSession(desk, tx, operator, visitor);
  });
}

async function accountOf(desk: Desk, email: string): Promise<Account> {
  type Row = { id: number | string; hash: string | null };
  const [row] = await desk.store.em().execute<Row[]>(
    `select o.id, case when o.is_active then p.hash end as hash
       from operator o left join password p on p.operator_id = o.id
      where o.email = ?`,
    [emailOf(email)],
  );
  if (row === undefined) return { operatorId: null, hash: null };
  return { operatorId: Number(row.id) as OperatorId, hash: row.hash };
}

/** What was typed is not kept where it is nobody's e-mail: people type passwords there. */
async function noteRefusal(desk: Desk, { operatorId }: Account, { address }: Visitor): Promise<void> {
  const subject = operatorId === null ? 'anonymous' : subjectOf(operatorId);
  await desk.store.write((tx) =>
    audit(tx, { kind: 'anonymous', address }, { at: desk.clock.now(), action: 'session.refused', subject }),
  );
}
