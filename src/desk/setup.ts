import type { Setup, SetupState } from '../contract/access.ts';
import type { Operator as OperatorWire } from '../contract/operator.ts';
import { OperatorCreate } from '../contract/operator.ts';
import { Problem } from '../problem.ts';
import { Access } from '../store/entities/access.ts';
import { OneTimeCode } from '../store/entities/one-time-code.ts';
import type { Tx } from '../store/write.ts';
import type { Anonymous } from './actor.ts';
import { audit } from './audit-log.ts';
import { beginSession, type Begun, type Visitor } from './begin-session.ts';
import { bumpConfiguration } from './configuration.ts';
import { addOperator } from './create-operator.ts';
import type { Desk } from './desk.ts';
import { findOperator } from './find-operator.ts';
import { keepPassword } from './keep-password.ts';
import { checkNewPassword } from './new-password.ts';
import { keepCode, lookAtCode, useCode } from './one-time-codes.ts';
import { hashPassword } from './password-hash.ts';
import { closeSetup } from './close-setup.ts';

const CODE_MS = 15 * 60_000;

/** A code with which the first admin makes itself, for 15 minutes; null when there is or was an admin. */
export async function issueSetupCode(desk: Desk): Promise<string | null> {
  if (!(await setupState(desk)).open) return null;
  const at = desk.clock.now();
  const expiresAt = new Date(at.getTime() + CODE_MS);
  return desk.store.write((tx) => keepCode(tx, { purpose: 'setup', operator: null, at, expiresAt }));
}

/** Whether the first admin is still to be made. */
export async function setupState(desk: Desk): Promise<SetupState> {
  const access = await desk.store.em().findOneOrFail(Access, { id: 1 }, { disableIdentityMap: true });
  return { open: !access.isSetUp };
}

/**
 * Makes the first admin and signs it in; with that the door is closed for good and every other code ends. Of two at
 * once one succeeds.
 * Throws Problem('setup-closed'), Problem('bad-code'), Problem('email-taken'), or Problem('invalid') for a password that
 * is guessed first.
 */
export async function setUp(
  desk: Desk,
  input: Setup,
  visitor: Visitor,
): Promise<{ operator: OperatorWire; begun: Begun }> {
  if (!(await setupState(desk)).open) throw new Problem('setup-closed');
  await lookAtCode(desk.store.em(), 'setup', input.code, desk.clock.now());
  await checkNewPassword(input.password, { ...input, field: 'password' });
  const hash = await hashPassword(input.password);
  return desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    await takeTheDoor(tx, input.code, desk.clock.now());
    return makeFirstAdmin(desk, tx, { ...input, hash }, visitor);
  });
}

async function takeTheDoor(tx: Tx, code: string, now: Date): Promise<void> {
  if (!(await closeSetup(tx))) throw new Problem('setup-closed');
  await useCode(tx, 'setup', code, now);
  await tx.em.nativeDelete(OneTimeCode, { purpose: 'setup' });
}

type FirstAdmin = { name: string; email: string; hash: string };

async function makeFirstAdmin(
  desk: Desk,
  tx: Tx,
  { name, email, hash }: FirstAdmin,
  visitor: Visitor,
): Promise<{ operator: OperatorWire; begun: Begun }> {
  const stranger: Anonymous = { kind: 'anonymous', address: visitor.address };
  const operator = await addOperator(
    desk,
    tx,
    stranger,
    OperatorCreate.parse({ name, email, role: 'admin' }),
  );
  const at = desk.clock.now();
  await keepPassword(tx, operator.id, hash, at);
  await audit(tx, stranger, { at, action: 'setup.done', subject: `operator:${operator.id}` });
  const begun = await beginSession(desk, tx, await findOperator(tx.em, operator.id), visitor);
  return { operator, begun };
}
