import { randomBytes } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { type CodePurpose, OneTimeCode } from '../store/entities/one-time-code.ts';
import type { Tx } from '../store/write.ts';
import { sha256 } from './authenticate.ts';

// Crockford's base 32: no letter that is taken for a digit or another letter.
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 20;

/** A fresh code of 100 random bits, in groups that people can type. */
export function newCode(): string {
  const signs = Array.from(randomBytes(LENGTH), (byte) => SIGNS[byte % 32]!).join('');
  return signs.replaceAll(/(.{5})(?=.)/g, '$1-');
}

/** What is kept of a code; however it is typed, as long as its signs are right. */
export function codeHash(code: string): string {
  const signs = code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return sha256(signs).toString('hex');
}

/** Keeps a new code and answers it; that is the only time it can be read. */
export async function keepCode(
  tx: Tx,
  code: { purpose: CodePurpose; operator: OperatorId | null; at: Date; expiresAt: Date },
): Promise<string> {
  const { purpose, operator, at: createdAt, expiresAt } = code;
  const text = newCode();
  await tx.em.nativeDelete(OneTimeCode, { expiresAt: { $lt: createdAt } });
  await tx.em.insert(OneTimeCode, { purpose, operator, hash: codeHash(text), createdAt, expiresAt });
  return text;
}

/** Whom a code is for, null for nobody in particular; it can still be used. Throws Problem('bad-code'). */
export async function lookAtCode(
  em: SqlEntityManager,
  purpose: CodePurpose,
  code: string,
  now: Date,
): Promise<OperatorId | null> {
  const where = { purpose, hash: codeHash(code), expiresAt: { $gt: now } };
  const kept = await em.findOne(OneTimeCode, where, { disableIdentityMap: true });
  if (kept === null) throw new Problem('bad-code');
  return kept.operator?.id ?? null;
}

/** Uses a code up; of two who try at once, one succeeds. Throws Problem('bad-code'). */
export async function useCode(tx: Tx, purpose: CodePurpose, code: string, now: Date): Promise<void> {
  const where = { purpose, hash: codeHash(code), expiresAt: { $gt: now } };
  if ((await tx.em.nativeDelete(OneTimeCode, where)) !== 1) throw new Problem('bad-code');
}
