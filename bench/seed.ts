import { randomBytes } from 'node:crypto';
import { TokenCreate } from '../src/contract/access.ts';
import { type OperatorId, SourceId } from '../src/contract/ids.ts';
import { OperatorCreate } from '../src/contract/operator.ts';
import { SourceCreate } from '../src/contract/source.ts';
import { ENVIRONMENT } from '../src/desk/actor.ts';
import { createOperator } from '../src/desk/create-operator.ts';
import { createSource } from '../src/desk/create-source.ts';
import type { Desk } from '../src/desk/desk.ts';
import { issueToken } from '../src/desk/issue-token.ts';
import { openDesk } from '../src/desk/open-desk.ts';
import { setOperatorWeight } from '../src/desk/set-operator-weight.ts';
import { openLog } from '../src/log.ts';

export const admin = ENVIRONMENT;

export const OPERATORS = 20;
export const SOURCES = 3;
/** The source whose operator has gone: what comes there waits. */
export const QUEUE_SOURCE = SOURCES + 1;

/** A database with 20 operators on 3 webhook sources, none of them near its cap, and the secrets of the sources. */
export async function seed(
  databaseUrl: string,
): Promise<{ secretKey: string; secrets: Map<string, string> }> {
  const secretKey = randomBytes(32);
  await using desk = await openSeedDesk(databaseUrl, secretKey);
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
  await addQueueSource(desk);
  await liftCaps(desk);
  return { secretKey: secretKey.toString('base64'), secrets };
}

/** Above what the contract allows, so that no run ends because everybody is full. */
async function liftCaps(desk: Desk): Promise<void> {
  await desk.store.write((tx) => tx.em.execute('update operator set max_load = 1000000000'));
}

/** Adds so many operators to the first source, and answers a token for each. */
export async function seedOperators(databaseUrl: string, count: number): Promise<string[]> {
  await using desk = await openSeedDesk(databaseUrl, randomBytes(32));
  const tokens: string[] = [];
  const source_id = SourceId.parse(1);
  for (let n = 1; n <= count; n++) {
    const { id } = await createOperator(desk, admin, OperatorCreate.parse({ name: `Console ${n}` }));
    await setOperatorWeight(desk, admin, id, { source_id, weight: 1 });
    const issued = await issueToken(desk, admin, TokenCreate.parse({ name: 'console', operator_id: id }));
    tokens.push(issued.token);
  }
  await liftCaps(desk);
  return tokens;
}

/** Adds so many Telegram sources. Nothing that the bots do needs the tokens to be real. */
export async function seedBots(
  databaseUrl: string,
  secretKey: string,
  bots: { token: string; mode: 'polling' | 'webhook' }[],
): Promise<void> {
  await using desk = await openSeedDesk(databaseUrl, Buffer.from(secretKey, 'base64'));
  for (const [n, telegram] of bots.entries()) {
    const name = `bot-${n + 1}`;
    await createSource(desk, admin, SourceCreate.parse({ name, code: name, kind: 'telegram', telegram }));
  }
}

export function openSeedDesk(databaseUrl: string, secretKey: Buffer): ReturnType<typeof openDesk> {
  return openDesk({ databaseUrl, secretKey, routingSeed: 'bench', log: openLog('silent') });
}

/** A source that asks for presence, with so many operators who are not there yet; weights 1 to 5. */
export async function seedMorning(
  desk: Desk,
  count: number,
  max_load: number,
): Promise<{ source: SourceId; operators: OperatorId[] }> {
  const create = SourceCreate.parse({ name: 'Morning', code: 'morning', require_presence: true });
  const { id: source } = await createSource(desk, admin, create);
  const operators: OperatorId[] = [];
  for (let n = 1; n <= count; n++) {
    const { id } = await createOperator(desk, admin, OperatorCreate.parse({ name: `Early ${n}`, max_load }));
    await setOperatorWeight(desk, admin, id, { source_id: source, weight: 1 + (n % 5) });
    operators.push(id);
  }
  return { source, operators };
}

/** Its one operator has gone: whoever comes there waits. */
async function addQueueSource(desk: Desk): Promise<void> {
  const create = SourceCreate.parse({ name: 'At night', code: 'night', kind: 'webhook' });
  const { id: source_id } = await createSource(desk, admin, create);
  const gone = OperatorCreate.parse({ name: 'Gone', is_active: false });
  const { id } = await createOperator(desk, admin, gone);
  await setOperatorWeight(desk, admin, id, { source_id, weight: 1 });
}
