import type { SqlEntityManager } from '@mikro-orm/sql';
import {
  type ConfigFile,
  type ConfigOperator,
  type ConfigSource,
  operatorKey,
} from '../contract/config-file.ts';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { FieldError } from '../contract/problem.ts';
import { Problem } from '../problem.ts';
import { Operator } from '../store/entities/operator.ts';
import { SourceOperator } from '../store/entities/source-operator.ts';
import { Source } from '../store/entities/source.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { authorizeAny } from './policy.ts';

/** The configuration as the database has it, in the words of a file; by key and by code. */
export type PresentConfig = {
  version: number;
  operators: { id: OperatorId; key: string; entry: ConfigOperator }[];
  sources: { id: SourceId; entry: ConfigSource }[];
};

/**
 * Operators, sources and weights without any secret and without runtime states, in an order of their own: two exports
 * of the same configuration are equal. Throws Problem('forbidden'), or Problem('invalid') when operators share a key.
 */
export async function exportConfiguration(
  desk: Desk,
  actor: Actor,
): Promise<{ version: number; file: ConfigFile }> {
  authorizeAny(actor, 'configure');
  const { version, operators, sources } = await readPresent(desk);
  return {
    version,
    file: { version: 1, operators: entriesOf(operators), sources: entriesOf(sources) },
  };
}

/** The whole configuration of one moment. Throws Problem('invalid') when operators share a key. */
export async function readPresent(desk: Desk): Promise<PresentConfig> {
  for (;;) {
    const em = desk.store.em();
    const present = await presentIn(em);
    // Every change of the configuration raises its version: where that stands still, nothing was committed meanwhile.
    if ((await versionIn(em)) === present.version) return present;
  }
}

/** The same inside a transaction that has raised the version, and so is alone with it. */
export async function presentIn(em: SqlEntityManager): Promise<PresentConfig> {
  const version = await versionIn(em);
  const operators = await em.find(Operator, {}, { refresh: true });
  const sources = await em.find(Source, {}, { refresh: true });
  const weights = await em.find(SourceOperator, {}, { refresh: true });
  const keyed = operators
    .map((row) => ({ row, entry: operatorEntry(row) }))
    .map(({ row, entry }) => ({ id: row.id, key: operatorKey(entry), entry }))
    .sort((a, b) => inOrder(a.key, b.key));
  checkKeys(keyed);
  const keys = new Map(keyed.map(({ id, key }) => [id, key]));
  const bySource = Map.groupBy(weights, (row) => row.source.id);
  const coded = sources
    .map((row) => ({ id: row.id, entry: sourceEntry(row, weightEntries(bySource.get(row.id) ?? [], keys)) }))
    .sort((a, b) => inOrder(a.entry.code, b.entry.code));
  return { version, operators: keyed, sources: coded };
}

/** By code units: the same wherever it runs, which the order of a language is not. */
export function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

async function versionIn(em: SqlEntityManager): Promise<number> {
  const [row] = await em.execute<{ version: number }[]>('select version from configuration where id = 1');
  return row!.version;
}

function entriesOf<T>(items: readonly { entry: T }[]): T[] {
  return items.map(({ entry }) => entry);
}

function checkKeys(operators: PresentConfig['operators']): void {
  const errors: FieldError[] = [];
  for (const [key, sharing] of Map.groupBy(operators, (operator) => operator.key)) {
    if (sharing.length === 1) continue;
    const ids = sharing.map(({ id }) => id).sort((a, b) => a - b);
    const message = `${ids.join(' and ')} are both known as ${JSON.stringify(key)}; give each an e-mail address or a name of its own`;
    errors.push({ path: 'operators in the database', message });
  }
  if (errors.length > 0) throw new Problem('invalid', { errors });
}

function operatorEntry(row: Operator): ConfigOperator {
  return {
    name: row.name,
    ...(row.email && { email: row.email }),
    role: row.role,
    max_load: row.maxLoad,
    is_active: row.isActive,
  };
}

function weightEntries(
  rows: readonly SourceOperator[],
  keys: ReadonlyMap<OperatorId, string>,
): ConfigSource['weights'] {
  return new Map(
    rows.map((row) => [keys.get(row.operator.id)!, row.weight] as const).sort(([a], [b]) => inOrder(a, b)),
  );
}

function sourceEntry(row: Source, weights: ConfigSource['weights']): ConfigSource {
  const greetings = sorted(row.greetings ?? {});
  return {
    code: row.code,
    name: row.name,
    kind: row.kind,
    is_active: row.isActive,
    strategy: row.strategy,
    return_policy: { kind: row.returnPolicy },
    require_presence: row.requirePresence,
    priority: row.priority,
    reopen_minutes: row.reopenMinutes,
    offer_seconds: row.offerSeconds,
    ...(row.greeting && { greeting: row.greeting }),
    ...(Object.keys(greetings).length > 0 && { greetings }),
    ...(row.kind === 'telegram' && {
      telegram: { mode: row.telegramMode ?? 'polling', api_root: row.apiRoot ?? null },
    }),
    ...(row.kind === 'webhook' && {
      webhook: {
        auth: row.webhookAuth ?? 'bearer',
        callback_url: row.callbackUrl ?? null,
        mapping: sorted(row.mapping ?? {}),
      },
    }),
    weights,
  };
}

/** PostgreSQL keeps the keys of JSON in an order of its own. */
function sorted<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => inOrder(a, b))) as T;
}
