import { openStore } from '../store/open.ts';
import { keyIdOf } from '../store/seal.ts';
import { keysInUse } from './rotate-key.ts';

/** With which of two keys the secrets of a database are sealed; where there is none, the next one does as well. */
export async function keyInForce(
  databaseUrl: string,
  keys: { present: Buffer; next: Buffer },
): Promise<'present' | 'next' | 'both'> {
  await using store = await openStore({ databaseUrl, onError: () => {} });
  const used = await keysInUse(store.em());
  // A rotation seals everything in one commit: before it nothing is sealed with the next key, after it nothing else.
  if (used.size > 0 && !used.has(keyIdOf(keys.next))) return 'present';
  return used.has(keyIdOf(keys.present)) ? 'both' : 'next';
}
