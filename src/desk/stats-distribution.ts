import type { SqlEntityManager } from '@mikro-orm/sql';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { Cause, Distribution, DistributionQuery } from '../contract/stats.ts';
import { type Accounts, Audit, type Luck, type Part, toNumber } from '../routing/audit.ts';
import { inMillionths } from '../routing/millionths.ts';
import { Operator } from '../store/entities/operator.ts';
import { Source } from '../store/entities/source.ts';
import type { Actor } from './actor.ts';
import { type KeptWeights, readKeptWeights } from './kept-weights.ts';
import type { Desk } from './desk.ts';
import { fairnessOf } from './fairness.ts';
import { authorizeAny } from './policy.ts';
import { inSlices } from './slices.ts';
import { stepOf, type Tally, tallyContacts } from './tally.ts';

type Item = Distribution['items'][number];
type Share = Item['operators'][number];

// The first and the last moment that both databases know.
const ALWAYS = { from: new Date(0), to: new Date('9999-12-31T00:00:00Z') };

/**
 * Who has the contacts of each source that were created in a period, beside what the weights that were in force promised,
 * and what makes the difference. The work goes in slices. Throws Problem('forbidden').
 */
export async function distribution(
  desk: Desk,
  actor: Actor,
  { source_id: only, from, to }: DistributionQuery,
): Promise<Distribution> {
  authorizeAny(actor, 'stats.see');
  const em = desk.store.em();
  const sources = await em.find(Source, only === undefined ? {} : { id: only }, { orderBy: { id: 'asc' } });
  const ids = sources.map((source) => source.id);
  const span = {
    from: from === undefined ? ALWAYS.from : new Date(from),
    to: to === undefined ? ALWAYS.to : new Date(to),
  };
  const weights = await readKeptWeights(em, ids);
  const tallies = await tallyContacts(desk, ids, span, weights);
  const names = await namesOf(em);
  const items: Item[] = [];
  for (const source of sources) {
    const tally = tallies.get(source.id)!;
    const accounts = await inSlices(account(source.id, tally, weights));
    items.push(itemOf(source, tally, accounts, { names, weights: new Map(weights.at(source.id, null)) }));
  }
  return { items };
}

/** Deleted ones have no contacts, but may have had something to expect. */
async function namesOf(em: SqlEntityManager): Promise<ReadonlyMap<OperatorId, string>> {
  const rows = await em.find(Operator, {}, { fields: ['id', 'name'] });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function* account(sourceId: SourceId, { steps }: Tally, weights: KeptWeights): Generator<void, Accounts> {
  const audit = new Audit();
  for (const step of steps.values()) {
    audit.add(stepOf(sourceId, step, weights));
    yield;
  }
  return yield* audit.close();
}

type Present = { names: ReadonlyMap<OperatorId, string>; weights: ReadonlyMap<OperatorId, number> };

function itemOf(source: Source, { unassigned, held }: Tally, accounts: Accounts, present: Present): Item {
  const assigned = held.values().reduce((sum, count) => sum + count, 0);
  const promised = present.weights.values().reduce((sum, weight) => sum + weight, 0);
  const ids = new Set([...present.weights.keys(), ...accounts.sums.keys()]);
  const operators = [...ids]
    .sort((a, b) => a - b)
    .map((id): Share => {
      const weight = present.weights.get(id) ?? 0;
      const count = held.get(id) ?? 0;
      const expected = accounts.sums.get(id)?.get('expected') ?? 0n;
      const share = (whole: number): number => toNumber(expected, accounts.denominator * BigInt(whole));
      return {
        operator_id: id,
        operator_name: present.names.get(id) ?? `#${id}`,
        weight,
        count,
        share: assigned === 0 ? 0 : count / assigned,
        expected_share: assigned > 0 ? share(assigned) : promised === 0 ? 0 : weight / promised,
        ...differenceOf(accounts, id, count),
        z_score: zScoreOf(accounts.luck.get(id)),
      };
    });
  return {
    source_id: source.id,
    source_code: source.code,
    total: assigned + unassigned,
    unassigned,
    fairness: fairnessOf(operators, accounts.luck),
    operators,
  };
}

function zScoreOf(luck: Luck | undefined): number | null {
  return luck === undefined ? null : luck.distance / Math.sqrt(luck.variance);
}

/** In contacts, with six decimals that add up. */
function differenceOf(
  { sums, denominator }: Accounts,
  id: OperatorId,
  count: number,
): Pick<Share, 'expected_count' | 'deviation' | 'causes'> {
  const parts = [...(sums.get(id) ?? new Map<Part, bigint>())];
  const causes = parts.filter((part): part is [Cause, bigint] => part[0] !== 'expected' && part[1] !== 0n);
  const rounded = inMillionths(
    causes.map(([, sum]) => sum),
    denominator,
  );
  const deviation = rounded.reduce((sum, part) => sum + part, 0);
  return {
    expected_count: (count * 1e6 - deviation) / 1e6,
    deviation: deviation / 1e6,
    causes: Object.fromEntries(causes.map(([cause], place) => [cause, rounded[place]! / 1e6])),
  };
}
