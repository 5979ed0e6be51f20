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

/** A step as the decisions tell it. */
export type Taken = Omit<Step, 'weights' | 'choice'> & {
  /** Under which the weights in force are kept, see `KeptWeights`. */
  version: number | null;
  /** null for a step that a person took. */
  routed: Routed | null;
};
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
    join: 'left join decision d on d.contact_id = p.id',
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
  weights: KeptWeights,
): Promise<Map<SourceId, Tally>> {
  const tallies = new Map(sourceIds.map((id) => [id, openTally(id, weights)]));
  for await (const rows of pastContacts<Row>(desk, span, reading)) {
    for (const way of Map.groupBy(rows, (row) => row.id).values())
      tallies.get(Number(way[0]!.source_id) as SourceId)?.add(way);
  }
  return new Map([...tallies].map(([id, { tally }]) => [id, tally]));
}

/** So many operators in all steps of a source are explained; beyond, it would take too long. */
const MOST = 250_000;

/** A tally that grows by contacts. Where it holds too many situations, it forgets all of them and goes on without. */
export function openTally(
  sourceId: SourceId,
  weights: KeptWeights,
  most = MOST,
): { tally: Tally; add(decisions: readonly Row[]): void } {
  const tally: Tally = { unassigned: 0, held: new Map(), steps: new Map() };
  let size = 0;

  function count(step: Taken): void {
    const told = size > most ? withoutSituation(step) : step;
    const key = keyOf(told);
    const known = tally.steps.get(key);
    tally.steps.set(key, known === undefined ? told : { ...known, contacts: known.contacts + told.contacts });
    if (known !== undefined || size > most) return;
    size += told.routed?.situation?.length ?? 0;
    if (size <= most) return;
    const all = [...tally.steps.values()];
    tally.steps.clear();
    for (const one of all) count(one);
  }

  return {
    tally,
    add(decisions) {
      const { holder } = decisions[0]!;
      if (holder === null) tally.unassigned += 1;
      const id = holder === null ? null : (Number(holder) as OperatorId);
      if (id !== null) tally.held.set(id, (tally.held.get(id) ?? 0) + 1);
      const versionOf = (version: number | null) => weights.versionOf(sourceId, version);
      for (const step of stepsOf(decisions, id)) count({ ...step, version: versionOf(step.version) });
    },
  };
}

/** The steps of a contact: its decisions that gave it to somebody, in their order; the rest was done by hand. */
function* stepsOf(decisions: readonly Row[], holder: OperatorId | null): Generator<Taken> {
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
    yield { contacts: 1, version, routed, from, to, cause: cause ?? 'manual', isHeld: holder !== null };
    from = to;
    cause = null;
  }
  if (holder !== null && from !== holder)
    yield { contacts: 1, version, routed: null, from, to: holder, cause: 'manual', isHeld: true };
}

function withoutSituation(step: Taken): Taken {
  return { ...step, routed: step.routed && { ...step.routed, situation: null } };
}

function keyOf({ version, routed, from, to, cause, isHeld }: Taken): string {
  const how = routed === null ? '' : [routed.strategy, routed.rule, routed.situation].join();
  return [version, how, from, to, cause, isHeld].join();
}

/** A step as the audit takes it. */
export function stepOf(sourceId: SourceId, { version, routed, ...step }: Taken, kept: KeptWeights): Step {
  const weights = kept.at(sourceId, version);
  return { ...step, weights, choice: routed && choiceOf(routed, weights.length) };
}

function choiceOf({ situation, strategy, rule }: Routed, size: number): Step['choice'] {
  const reasons = situation === null ? null : readSituation(situation);
  return { strategy, rule, reasons: reasons?.length === size ? reasons : null };
}
