import type { SqlEntityManager } from '@mikro-orm/sql';
import { Source } from '../store/entities/source.ts';
import { keyIdIn, openSeal } from '../store/seal.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { bumpConfiguration } from './configuration.ts';
import type { Desk } from './desk.ts';
import { authorizeAny } from './policy.ts';
import { resealSecrets } from './source-secret.ts';

/**
 * Seals every secret of the database with another key, in one commit, and answers of how many sources; this desk can
 * open none of them afterwards. No gateway may run meanwhile. What follows from the key, as the secret that Telegram
 * sends along, is another one then: bots tell it at their next start.
 * Throws when a secret does not open with the present key; nothing is changed then.
 */
export async function rotateKey(desk: Desk, actor: Actor, key: Buffer): Promise<number> {
  authorizeAny(actor, 'configure');
  const next = openSeal(key);
  if (next.keyId === desk.seal.keyId) throw new Error('The new key is the present one.');
  return desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const sources = await tx.em.find(Source, {}, { refresh: true, orderBy: { id: 'asc' } });
    const sealed = sources.filter((source) => source.sealedSecret || source.previousSealedSecret);
    checkKeys(desk, sealed);
    for (const source of sealed) resealSecrets(desk, source, next);
    await tx.em.flush();
    const after = { key: next.keyId, sources: sealed.length };
    const before = { key: desk.seal.keyId };
    await audit(tx, actor, { at: desk.clock.now(), action: 'key.rotated', subject: 'key', before, after });
    return sealed.length;
  });
}

function checkKeys(desk: Desk, sources: readonly Source[]): void {
  const foreign = sources.filter((source) => keysIn(source).some((id) => id !== desk.seal.keyId));
  if (foreign.length === 0) return;
  const codes = foreign.map(({ code }) => code).join(', ');
  throw new Error(
    `Sealed with another key than the present one: ${codes}. Give each a new token or secret, or delete it, and come back.`,
  );
}

/** The names of the keys with which the secrets of the database are sealed. */
export async function keysInUse(em: SqlEntityManager): Promise<Set<string>> {
  const sources = await em.find(Source, {}, { fields: ['sealedSecret', 'previousSealedSecret'] });
  return new Set(sources.flatMap(keysIn));
}

function keysIn(source: Pick<Source, 'sealedSecret' | 'previousSealedSecret'>): string[] {
  return [source.sealedSecret, source.previousSealedSecret].flatMap((one) => (one ? [keyIdIn(one)] : []));
}

/**
 * Writes the database anew without what a rotation leaves in it: until then the old key opens what a file system or a
 * page still holds of the rows before. Nobody else may use the database meanwhile.
 */
export async function forgetOldRows(desk: Desk): Promise<void> {
  const em = desk.store.em();
  if (desk.store.dialect === 'postgresql') {
    // Writes the table anew with its living rows alone. A vacuum keeps dead ones that some transaction could still see,
    // in whatever database of the server.
    await em.execute(`alter table source alter column sealed_secret type text using sealed_secret || ''`);
    return;
  }
  await em.execute('vacuum');
  await em.execute('pragma wal_checkpoint(truncate)');
}
