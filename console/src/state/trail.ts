import type { TrailStep } from '../../../src/contract/contact.ts';
import { OperatorId } from '../../../src/contract/ids.ts';

/** What a step of the trail says, before it is put into words. */
export type Move =
  | { kind: 'opened-waiting' | 'reopened-waiting' | 'reopened-by-lead' | 'requeued' }
  | { kind: 'accepted'; by: OperatorId }
  | { kind: 'declined'; from: OperatorId; reason: string | null }
  | { kind: 'offer-expired' | 'gone-waiting'; from: OperatorId }
  | { kind: 'handed-over' | 'gone-handed-over'; from: OperatorId; to: OperatorId }
  | { kind: 'routed' | 'reopened-to'; to: OperatorId }
  | { kind: 'taken'; to: OperatorId; from: OperatorId | null }
  | { kind: 'given'; to: OperatorId; from: OperatorId | null; by: OperatorId | null }
  | { kind: 'released'; from: OperatorId; by: OperatorId | null }
  | { kind: 'closed'; by: OperatorId | null }
  | { kind: 'other' };

/** The operator behind `operator:<id>`; null for the rule, the system, a token or the lead. */
export function actorOperator(actor: string): OperatorId | null {
  const [kind, id] = actor.split(':');
  if (kind !== 'operator') return null;
  return OperatorId.safeParse(Number(id)).data ?? null;
}

// `declined`, or with words of the operator's own: `declined: <reason>`.
const DECLINED = /^declined(: |$)/;

// By the rule, because somebody said that all of the operator's contacts are to go.
const HANDED_OVER = /^(handed-over|operator-deactivated)$/;

/** Reads a step from what changed, so that a step with a name we do not know yet is still told rightly. */
export function readStep(step: TrailStep): Move {
  const by = actorOperator(step.actor);
  const from = step.from.operator_id;
  const to = step.to.operator_id;
  const isReopening = step.type.includes('reopen');
  // Where a new contact went is told by the step after it; an update moves nothing.
  if (step.type === 'contact.created' || step.type === 'contact.updated') return { kind: 'other' };
  switch (step.to.status) {
    case 'closed':
      return step.type.includes('clos') || step.type.includes('merge')
        ? { kind: 'closed', by }
        : { kind: 'other' };
    case 'waiting':
      if (isReopening) return { kind: step.actor === 'lead' ? 'reopened-by-lead' : 'reopened-waiting' };
      if (from === null) return { kind: 'opened-waiting' };
      if (step.reason === 'offer-expired') return { kind: 'offer-expired', from };
      if (step.reason === 'operator-offline') return { kind: 'gone-waiting', from };
      if (DECLINED.test(step.reason ?? ''))
        return { kind: 'declined', from, reason: step.reason?.replace(DECLINED, '') || null };
      return by === null && step.actor === 'system' ? { kind: 'requeued' } : { kind: 'released', from, by };
    case 'assigned':
      if (step.type === 'contact.accepted' && to !== null) return { kind: 'accepted', by: to };
      if (to === null || to === from) return { kind: 'other' };
      if (isReopening) return { kind: 'reopened-to', to };
      if (from !== null && step.reason === 'operator-offline') return { kind: 'gone-handed-over', from, to };
      if (from !== null && HANDED_OVER.test(step.reason ?? '')) return { kind: 'handed-over', from, to };
      if (by === to) return { kind: 'taken', to, from };
      if (step.actor === 'routing' || step.actor === 'lead' || step.actor === 'system')
        return { kind: 'routed', to };
      return { kind: 'given', to, from, by };
  }
}
