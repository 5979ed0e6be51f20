import type { SqlEntityManager } from '@mikro-orm/sql';
import type { FieldError } from '../contract/problem.ts';
import type { OperatorId } from '../contract/ids.ts';
import type { Page } from '../contract/page.ts';
import type { OperatorWeights, SourceOperator as SourceOperatorWire } from '../contract/source.ts';
import { Problem } from '../problem.ts';
import { refusalOf } from '../routing/candidate.ts';
import { Operator } from '../store/entities/operator.ts';
import { SourceOperator } from '../store/entities/source-operator.ts';
import type { Source } from '../store/entities/source.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { keepWeights } from './config-parts.ts';
import { bumpConfiguration, forgetPicks, moveQueues, recordSource } from './configuration.ts';
import type { Desk } from './desk.ts';
import { findSource } from './find-source.ts';
import { authorizeAny } from './policy.ts';
import { sourceView } from './views.ts';

type Weights = OperatorWeights['operator_weights'];
/** `all`: operators that are not named lose their weight. */
type WeightChange = { weights: Weights; replaced: 'all' | 'named' };

/** The operators of a source with weights, shares, and why one gets nothing now; by operator id. */
export async function listWeights(desk: Desk, actor: Actor, ref: string): Promise<Page<SourceOperatorWire>> {
  authorizeAny(actor, 'weights.see');
  const em = desk.store.em();
  return weightsOf(em, await findSource(em, ref));
}

/**
 * Sets who gets the traffic of a source; operators that are not named lose their weight.
 * Throws Problem('forbidden'), Problem('not-found'), or Problem('invalid') that names a repeated or unknown operator.
 */
export function replaceWeights(
  desk: Desk,
  actor: Actor,
  ref: string,
  input: OperatorWeights,
): Promise<Page<SourceOperatorWire>> {
  return writeWeights(desk, actor, ref, { weights: input.operator_weights, replaced: 'all' });
}

/** Like `replaceWeights`, but operators that are not named stay as they are. */
export function mergeWeights(
  desk: Desk,
  actor: Actor,
  ref: string,
  input: OperatorWeights,
): Promise<Page<SourceOperatorWire>> {
  return writeWeights(desk, actor, ref, { weights: input.operator_weights, replaced: 'named' });
}

/** Takes an operator off a source. Throws Problem('forbidden'), or Problem('not-found') when it has no weight there. */
export async function removeWeight(
  desk: Desk,
  actor: Actor,
  ref: string,
  operatorId: OperatorId,
): Promise<void> {
  authorizeAny(actor, 'configure');
  await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const source = await findSource(tx.em, ref);
    await forgetPicks(tx, source.id);
    const gone = await tx.em.nativeDelete(SourceOperator, { source: source.id, operator: operatorId });
    if (gone === 0) throw new Problem('not-found', { detail: `Operator ${operatorId} has no weight here.` });
    const at = desk.clock.now();
    await keepWeights(tx, actor, at, source.id);
    recordSource(tx, actor, at, sourceView(source));
  });
}

async function writeWeights(
  desk: Desk,
  actor: Actor,
  ref: string,
  change: WeightChange,
): Promise<Page<SourceOperatorWire>> {
  authorizeAny(actor, 'configure');
  const source = await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const found = await findSource(tx.em, ref);
    await checkOperators(tx.em, change.weights);
    await putWeights(desk, tx, actor, { ...change, source: found });
    return found;
  });
  await moveQueues(desk, { sources: [source.id] });
  return weightsOf(desk.store.em(), source);
}

async function checkOperators(em: SqlEntityManager, weights: Weights): Promise<void> {
  const named = new Set(weights.map((weight) => weight.operator_id));
  const rows = await em.find(
    Operator,
    { id: { $in: [...named] } },
    { fields: ['id'], disableIdentityMap: true },
  );
  const known = new Set(rows.map((row) => row.id));
  const seen = new Set<OperatorId>();
  const errors: FieldError[] = [];
  for (const [index, { operator_id: id }] of weights.entries()) {
    const path = `operator_weights.${index}.operator_id`;
    if (!known.has(id)) errors.push({ path, message: `there is no operator ${id}` });
    else if (seen.has(id)) errors.push({ path, message: `operator ${id} is named twice` });
    seen.add(id);
  }
  if (errors.length > 0) throw new Problem('invalid', { errors });
}

/** Writes weights of a source; what is `replaced` goes before. The caller lets the queue move. */
export async function putWeights(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { source, weights, replaced }: WeightChange & { source: Source },
): Promise<void> {
  await forgetPicks(tx, source.id);
  const named = { operator: { $in: weights.map((weight) => weight.operator_id) } };
  await tx.em.nativeDelete(SourceOperator, { source: source.id, ...(replaced === 'named' && named) });
  const rows = weights.map((one) => ({ source: source.id, operator: one.operator_id, weight: one.weight }));
  if (rows.length > 0) await tx.em.insertMany(SourceOperator, rows);
  const at = desk.clock.now();
  await keepWeights(tx, actor, at, source.id);
  recordSource(tx, actor, at, sourceView(source));
}

async function weightsOf(em: SqlEntityManager, source: Source): Promise<Page<SourceOperatorWire>> {
  const rows = await em.find(
    SourceOperator,
    { source: source.id },
    // In one statement, which `refresh` would split: an operator may be deleted between two.
    { populate: ['operator'], orderBy: { operator: 'asc' } },
  );
  const total = rows.reduce((sum, row) => sum + row.weight, 0);
  const items = rows.map((row) => sourceOperatorView(source, row.operator, row.weight, total));
  return { items, next_cursor: null };
}

function sourceOperatorView(
  source: Source,
  operator: Operator,
  weight: number,
  total: number,
): SourceOperatorWire {
  const { id: operatorId, isActive, availability, isOnline, load, maxLoad } = operator;
  const facts = { operatorId, weight, isActive, availability, isOnline, load, maxLoad };
  const reason = refusalOf(source, facts);
  return {
    operator_id: operatorId,
    operator_name: operator.name,
    weight,
    share: total === 0 ? 0 : weight / total,
    is_active: isActive,
    load,
    max_load: maxLoad,
    eligible: reason === null,
    reason,
  };
}
