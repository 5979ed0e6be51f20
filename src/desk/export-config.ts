import type { SqlEntityManager } from '@mikro-orm/sql';
import {
  type ConfigFile,
  type ConfigOperator,
  type ConfigSource,
  operatorKey,
} from '../contract/config-file.ts';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { FieldError } from '../contract/problem.ts';
import { invalid, Problem } from '../problem.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import { inOrder } from './config-entries.ts';
import { type ConfigRows, keptRows, presentRows, versionIn, type Weights } from './config-parts.ts';
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
 * of the same configuration are equal. As they are, or as a version of them was; that they are handed out is noted. Throws Problem('forbidden'), or
 * Problem('invalid') when operators share a key, or where that version is not known.
 */
export async function exportConfiguration(
  desk: Desk,
  actor: Actor,
  version: number | null = null,
): Promise<{ version: number; file: ConfigFile }> {
  authorizeAny(actor, 'configure');
  const config = version === null ? await readPresent(desk) : await readKept(desk, version);
  const change = { subject: 'configuration', after: { version: config.version } };
  await desk.store.write((tx) =>
    audit(tx, actor, { at: desk.clock.now(), action: 'config.exported', ...change }),
  );
  const { operators, sources } = config;
  return {
    version: config.version,
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
  return inWords(await presentRows(em));
}

async function readKept(desk: Desk, version: number): Promise<PresentConfig> {
  const em = desk.store.em();
  const present = await versionIn(em);
  if (version > present) throw invalid('version', `the configuration is at version ${present}`);
  const kept = await keptRows(em, version);
  if (kept === null) throw invalid('version', 'the versions of older releases are not kept');
  return inWords(kept);
}

function inWords({ version, operators, sources, weights }: ConfigRows): PresentConfig {
  const keyed = [...operators]
    .map(([id, entry]) => ({ id, key: operatorKey(entry), entry }))
    .sort((a, b) => inOrder(a.key, b.key));
  checkKeys(keyed);
  const keys = new Map(keyed.map(({ id, key }) => [id, key]));
  const coded = [...sources]
    .map(([id, settings]) => ({
      id,
      entry: { ...settings, weights: weightEntries(weights.get(id) ?? [], keys) },
    }))
    .sort((a, b) => inOrder(a.entry.code, b.entry.code));
  return { version, operators: keyed, sources: coded };
}

function weightEntries(weights: Weights, keys: ReadonlyMap<OperatorId, string>): ConfigSource['weights'] {
  const named = weights.map(([id, weight]) => [keys.get(id)!, weight] as const);
  return new Map(named.sort(([a], [b]) => inOrder(a, b)));
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
