import { Access } from '../store/entities/access.ts';
import type { Tx } from '../store/write.ts';

/** There is an admin: from now on a setup code opens nothing. Answers whether that is new. */
export async function closeSetup(tx: Tx): Promise<boolean> {
  return (await tx.em.nativeUpdate(Access, { id: 1, isSetUp: false }, { isSetUp: true })) === 1;
}
