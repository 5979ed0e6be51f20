import { isDeepStrictEqual } from 'node:util';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { ConfigOperator } from '../contract/config-file.ts';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import { ConfigurationPart, type PartKind } from '../store/entities/configuration-part.ts';
import { Operator } from '../store/entities/operator.ts';
import { SourceOperator } from '../store/entities/source-operator.ts';
import { Source } from '../store/entities/source.ts';
import type { Tx } from '../store/write.ts';
import { type Actor, actorLabel, SYSTEM } from './actor.ts';
import { audit } from './audit-log.ts';
import { sha256 } from './authenticate.ts';
import { changedFields } from './changed-fields.ts';
import { operatorEntry, type SourceSettings, sourceSettings } from './config-entries.ts';
import type { Desk } from './desk.ts';

/** The operators of a source with their weights, by id. */
export type Weights = [OperatorId, number][];

/** The configuration by its rows. */
export type ConfigRows = {
  version: number;
  operators: ReadonlyMap<OperatorId, ConfigOperator>;
  sources: ReadonlyMap<SourceId, SourceSettings>;
  weights: ReadonlyMap<SourceId, Weights>;
};

type Part = { kind: 'operator'; refId: OperatorId } | { kind: 'source' | 'weights'; refId: SourceId };

/** Keeps what an operator has become under the version that the verb has raised; the row is flushed. */
export function keepOperator(tx: Tx, actor: Actor, at: Date, row: Operator): Promise<void> {
  return keepPart(tx, actor, at, { kind: 'operator', refId: row.id, value: operatorEntry(row) });
}

/** Keeps what a source has become, in the same way. */
export function keepSource(tx: Tx, actor: Actor, at: Date, row: Source): Promise<void> {
  return keepPart(tx, actor, at, { kind: 'source', refId: row.id, value: sourceSettings(row) });
}

/** Keeps who gets the traffic of a source now, in the same way. */
export async function keepWeights(tx: Tx, actor: Actor, at: Date, sourceId: SourceId): Promise<void> {
  const value = (await presentWeights(tx.em, { source: sourceId })).get(sourceId) ?? [];
  await keepPart(tx, actor, at, { kind: 'weights', refId: sourceId, value });
}

/** Keeps that a row is deleted. */
export function keepGone(tx: Tx, actor: Actor, at: Date, part: Part): Promise<void> {
  return keepPart(tx, actor, at, { ...part, value: null });
}

/** A part and what it has become; null: the row is deleted. */
type Kept = Part & { value: unknown };

async function keepPart(tx: Tx, actor: Actor, at: Date, part: Kept): Promise<void> {
  const { kind, refId, value } = part;
  const last = await tx.em.findOne(
    ConfigurationPart,
    { kind, refId },
    { orderBy: { version: 'desc' }, disableIdentityMap: true },
  );
  if (last !== null && isDeepStrictEqual(last.value, value)) return;
  const before = last?.value ?? null;
  const action = actionOf(kind, before, value);
  const change = changedFields(withoutKeys(before), withoutKeys(value));
  await audit(tx, actor, { at, action, subject: subjectOf(part), ...change });
  await insertPart(tx, actor, at, part);
}

async function insertPart(tx: Tx, actor: Actor, at: Date, part: Kept): Promise<void> {
  const version = await versionIn(tx.em);
  await tx.em.insert(ConfigurationPart, { ...part, version, at, actor: actorLabel(actor) });
}

/** A callback's address may hold a key of the receiver's: the log tells its server, and that it is another one. */
function withoutKeys(state: unknown): unknown {
  const { webhook } = (state ?? {}) as Partial<SourceSettings>;
  if (!webhook?.callback_url) return state;
  const { origin, href } = new URL(webhook.callback_url);
  const mark = sha256(href).toString('hex').slice(0, 8);
  return { ...(state as SourceSettings), webhook: { ...webhook, callback_url: `${origin}/… (${mark})` } };
}

function actionOf(kind: PartKind, before: unknown, after: unknown): string {
  if (kind === 'weights') return 'weights.changed';
  if (before === null) return `${kind}.created`;
  return after === null ? `${kind}.deleted` : `${kind}.changed`;
}

/** Weights are those of a source. */
function subjectOf({ kind, refId }: Part): string {
  return `${kind === 'weights' ? 'source' : kind}:${refId}`;
}

/**
 * Keeps the configuration of a database that has none kept yet, because an older release wrote it: from its present
 * version on each is known.
 */
export async function keepFirst(desk: Desk): Promise<void> {
  if (!(await isUnkept(desk.store.em()))) return;
  await desk.store.write(async (tx) => {
    // As every change of the configuration begins, so that nobody else makes one; the version stays.
    await tx.em.execute('update configuration set version = version where id = 1');
    // Another gateway may have done it while this one waited.
    if (!(await isUnkept(tx.em))) return;
    const at = desk.clock.now();
    for (const row of await tx.em.find(Operator, {}))
      await insertPart(tx, SYSTEM, at, { kind: 'operator', refId: row.id, value: operatorEntry(row) });
    const weights = await presentWeights(tx.em);
    for (const row of await tx.em.find(Source, {})) {
      await insertPart(tx, SYSTEM, at, { kind: 'source', refId: row.id, value: sourceSettings(row) });
      await insertPart(tx, SYSTEM, at, { kind: 'weights', refId: row.id, value: weights.get(row.id) ?? [] });
    }
  });
}

async function isUnkept(em: SqlEntityManager): Promise<boolean> {
  if ((await em.count(ConfigurationPart)) > 0) return false;
  return (await em.count(Operator)) + (await em.count(Source)) > 0;
}

export async function versionIn(em: SqlEntityManager): Promise<number> {
  const [row] = await em.execute<{ version: number }[]>('select version from configuration where id = 1');
  return row!.version;
}

/** The configuration as it is; the caller sees to it that nobody changes it meanwhile. */
export async function presentRows(em: SqlEntityManager): Promise<ConfigRows> {
  const version = await versionIn(em);
  const operators = await em.find(Operator, {}, { refresh: true });
  const sources = await em.find(Source, {}, { refresh: true });
  return {
    version,
    operators: new Map(operators.map((row) => [row.id, operatorEntry(row)])),
    sources: new Map(sources.map((row) => [row.id, sourceSettings(row)])),
    weights: await presentWeights(em),
  };
}

/** The configuration as a version of it was; null where none is kept from so early. */
export async function keptRows(em: SqlEntityManager, version: number): Promise<ConfigRows | null> {
  const parts = await em.find(
    ConfigurationPart,
    { version: { $lte: version } },
    { orderBy: { version: 'asc' }, disableIdentityMap: true },
  );
  if (parts.length === 0) return null;
  const inForce = (kind: PartKind): Map<number, unknown> => {
    const values = parts
      .filter((part) => part.kind === kind)
      .map((part) => [part.refId, part.value] as const);
    return new Map([...new Map(values)].filter(([, value]) => value !== null));
  };
  return {
    version,
    operators: inForce('operator') as Map<OperatorId, ConfigOperator>,
    sources: inForce('source') as Map<SourceId, SourceSettings>,
    weights: inForce('weights') as Map<SourceId, Weights>,
  };
}

/** The weights of all sources as they are, or of one; by source and operator. */
export async function presentWeights(
  em: SqlEntityManager,
  where: { source?: SourceId } = {},
): Promise<Map<SourceId, Weights>> {
  const rows = await em.find(SourceOperator, where, { orderBy: { operator: 'asc' }, refresh: true });
  const bySource = Map.groupBy(rows, (row) => row.source.id);
  return new Map(
    [...bySource].map(([id, own]) => [id, own.map((row): Weights[number] => [row.operator.id, row.weight])]),
  );
}
