import { randomBytes } from 'node:crypto';
import { OperatorCreate } from '../src/contract/operator.ts';
import { SourceCreate } from '../src/contract/source.ts';
import type { Actor } from '../src/desk/actor.ts';
import { createOperator } from '../src/desk/create-operator.ts';
import { createSource } from '../src/desk/create-source.ts';
import { openDesk } from '../src/desk/open-desk.ts';
import { setOperatorWeight } from '../src/desk/set-operator-weight.ts';
import { openLog } from '../src/log.ts';

const admin: Actor = { kind: 'token', tokenId: null, role: 'admin', scope: 'full', operatorId: null };

export const OPERATORS = 20;
export const SOURCES = 3;

/** A database with 20 operators on 3 webhook sources, none of them near its cap, and the secrets of the sources. */
export async function seed(
  databaseUrl: string,
): Promise<{ secretKey: string; secrets: Map<string, string> }> {
  const secretKey = randomBytes(32);
  await using desk = await openDesk({ databaseUrl, secretKey, routingSeed: 'bench', log: openLog('silent') });
  const secrets = new Map<string, string>();
  const sourceIds = [];
  for (let n = 1; n <= SOURCES; n++) {
    const code = `source-${n}`;
    const source = await createSource(desk, admin, SourceCreate.parse({ name: code, code, kind: 'webhook' }));
    secrets.set(code, source.webhook!.secret);
    sourceIds.push(source.id);
  }
  for (let n = 1; n <= OPERATORS; n++) {
    const { id } = await createOperator(desk, admin, OperatorCreate.parse({ name: `Operator ${n}` }));
    for (const source_id of sourceIds)
      await setOperatorWeight(desk, admin, id, { source_id, weight: 1 + (n % 5) });
  }
  // Above what the contract allows, so that no run ends because everybody is full.
  await desk.store.write((tx) => tx.em.execute('update operator set max_load = 1000000000'));
  return { secretKey: secretKey.toString('base64'), secrets };
}
