import type { Rule, Strategy, Trigger } from '../contract/decision.ts';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { Cause } from '../contract/stats.ts';
import type { Step } from '../routing/audit.ts';
import { readSituation } from '../routing/situation.ts';
import type { Desk } from './desk.ts';
import type { KeptWeights } from './kept-weights.ts';
import { pastContacts, type PastRow, type PastSpan, type Reading } from './past-contacts.ts';

/** Of a source: how many contacts have which operator, how many have none, and the steps they took, by what they share. */
export type Tally = { unassigned: number; held: Map<OperatorId, number>; steps: Map<string, Taken> };

/** A step as the decisions tell it; `routed` is null for one that a person took. */
export type Taken = Omit<Step, 'weights' | 'choice'> & { version: number | null; routed: Routed | null };
type Routed = { strategy: Strategy; rule: Rule; situation: string | null };

/** A decision of a contact; all of it is null for a contact without any. */
type Row = PastRow & {
  holder: OperatorId | string | null;
  version: number | null;
  strategy: Strategy;
  rule: Rule;
  trigger: Trigger;
  situation: string | null;
  chosen: OperatorId | string | null;
};

const reading: Reading = {
  columns: 'operator_id as holder',
  joined: {
    columns: `d.config_version as version, d.strategy, d.rule, d.trigger_kind as trigger, d.situation,
              d.operator_id as chosen`,
    join: 'left join decision d on d.contact_id = p.id and p.holder is not null',
    order: 'd.id',
  },
};

/** Why a contact that had somebody was routed once more. */
const causes: Record<Trigger, Cause> = {
  arrival: 'manual',
  drain: 'manual',
  reopened: 'reopened',
  released: 'released-by',
  declined: 'declined',
  'offer-expired': 'offer-expired',
  requeued: 'requeued',
  'handed-over': 'handed-over',
};

/** Counts the contacts of these sources that were created in a time. */
export async function tallyContacts(
  desk: Desk,
  sourceIds: readonly SourceId[],
  span: PastSpan,
): Promise<Map<SourceId, Tally>> {
  const tallies = new Map(sourceIds.map((id) => [id, emptyTally()]));
  for await (const rows of pastContacts<Row>(desk, span, reading)) {
    for (const way of Map.groupBy(rows, (row) => row.id).values()) {
      const { source_id: sourceId, holder } = way[0]!;
      const tally = tallies.get(Number(sourceId) as SourceId);
      if (tally === undefined) continue;
      if (holder === null) tally.unassigned += 1;
      else countWay(tally, way, Number(holder) as OperatorId);
    }
  }
  return tallies;
}

function emptyTally(): Tally {
  return { unassigned: 0, held: new Map(), steps: new Map() };
}

/** The decisions that gave it to somebody, in their order; what they do not tell was done by hand. */
function countWay({ held, steps }: Tally, decisions: readonly Row[], holder: OperatorId): void {
  held.set(holder, (held.get(holder) ?? 0) + 1);
  let from: OperatorId | null = null;
  let cause: Cause | null = null;
  let version: number | null = null;
  for (const decision of decisions) {
    ({ version } = decision);
    // The first decision behind the last step tells why the contact did not stay.
    if (from !== null) cause ??= causes[decision.trigger];
    if (decision.chosen === null) continue;
    const to = Number(decision.chosen) as OperatorId;
    const { strategy, rule, situation } = decision;
    const routed = { strategy, rule, situation };
    count(steps, { contacts: 1, version, routed, from, to, cause: cause ?? 'manual' });
    from = to;
    cause = null;
  }
  if (from !== holder)
    count(steps, { contacts: 1, version, routed: null, from, to: holder, cause: 'manual' });
}

function count(steps: Map<string, Taken>, step: Taken): void {
  const { version, routed, from, to, cause } = step;
  const how = routed === null ? '' : [routed.strategy, routed.rule, routed.situation].join();
  const key = [version, how, from, to, cause].join();
  const known = steps.get(key);
  steps.set(key, known === undefined ? step : { ...known, contacts: known.contacts + step.contacts });
}

/** So many operators in all steps are explained; beyond, it would take too long. */
const MOST = 250_000;

/** The steps of a tally as the audit takes them. */
export function stepsOf(sourceId: SourceId, { steps }: Tally, weightsAt: KeptWeights, most = MOST): Step[] {
  const size = steps.values().reduce((sum, { version }) => sum + weightsAt(sourceId, version).length, 0);
  const told = size <= most ? steps : withoutSituations(steps);
  return told
    .values()
    .map(({ version, routed, ...step }): Step => {
      const weights = weightsAt(sourceId, version);
      return { ...step, weights, choice: routed && choiceOf(routed, weights.length) };
    })
    .toArray();
}

function withoutSituations(steps: Tally['steps']): Tally['steps'] {
  const merged: Tally['steps'] = new Map();
  for (const step of steps.values())
    count(merged, { ...step, routed: step.routed && { ...step.routed, situation: null } });
  return merged;
}

function choiceOf({ situation, strategy, rule }: Routed, size: number): Step['choice'] {
  const reasons = situation === null ? null : readSituation(situation);
  return { strategy, rule, reasons: reasons?.length === size ? reasons : null };
}
