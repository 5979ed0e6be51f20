import type { Role } from '../contract/access.ts';
import type { ContactStatus } from '../contract/contact.ts';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { type Actor, operatorIdOf } from './actor.ts';

/** How far a permission reaches: everything, one's own, or one's own and the queues of one's sources. */
type Reach = 'any' | 'own' | 'queue' | 'own-or-queue';

/** Who may do what. What does not stand here is denied. */
const table = {
  configure: { admin: 'any' },
  'operator.see': { admin: 'any', supervisor: 'any', operator: 'own' },
  'operator.hand-over': { admin: 'any', supervisor: 'any' },
  'operator.availability': { admin: 'any', operator: 'own', supervisor: 'own' },
  'source.see': { admin: 'any', supervisor: 'any', operator: 'own' },
  'weights.see': { admin: 'any', supervisor: 'any' },
  'stats.see': { admin: 'any', supervisor: 'any' },
  'audit.see': { admin: 'any' },
  'session.own': { admin: 'own', supervisor: 'own', operator: 'own' },
  'lead.see': { admin: 'any', supervisor: 'any', operator: 'own-or-queue' },
  'lead.change': { admin: 'any', supervisor: 'any' },
  'lead.export': { admin: 'any' },
  'lead.erase': { admin: 'any' },
  'contact.create': { admin: 'any', supervisor: 'any', operator: 'any' },
  'contact.see': { admin: 'any', supervisor: 'any', operator: 'own-or-queue' },
  'contact.take': { admin: 'any', supervisor: 'any', operator: 'queue' },
  'contact.assign': { admin: 'any', supervisor: 'any', operator: 'own' },
  'contact.note': { admin: 'any', supervisor: 'any', operator: 'own' },
  'contact.close': { admin: 'any', supervisor: 'any', operator: 'own' },
  'contact.release': { admin: 'any', supervisor: 'any', operator: 'own' },
  'contact.reopen': { admin: 'any', supervisor: 'any', operator: 'own' },
} as const satisfies Record<string, Partial<Record<Role, Reach>>>;

export type Action = keyof typeof table;
export type ContactAction = Extract<Action, `contact.${string}`>;

/** What an operator may look at: its own contacts and the queues of its sources. */
export type Sight =
  | { kind: 'all' }
  | { kind: 'own'; operatorId: OperatorId; sourceIds: ReadonlySet<SourceId> };

/** What the policy needs to know of a contact. */
export type ContactStanding = { operatorId: OperatorId | null; status: ContactStatus; sourceId: SourceId };

/** How far the actor may do this, or null when it may not at all. */
export function reachOf(actor: Actor, action: Action): Reach | null {
  if (actor.kind === 'system' || actor.kind === 'command-line') return 'any';
  if (actor.kind !== 'caller') return null;
  if (actor.scope === 'ingest' && action !== 'contact.create') return null;
  const row: Partial<Record<Role, Reach>> = table[action];
  return row[actor.role] ?? null;
}

/** Throws Problem('forbidden') unless the actor may do this to anything or to something of its own. */
export function authorize(actor: Actor, action: Action): void {
  if (reachOf(actor, action) === null) throw new Problem('forbidden');
}

/** Throws Problem('forbidden') unless the actor may do this to everything. */
export function authorizeAny(actor: Actor, action: Action): void {
  if (reachOf(actor, action) !== 'any') throw new Problem('forbidden');
}

/** The operator that the actor acts as. Throws Problem('no-operator') when it acts for nobody. */
export function operatorOf(actor: Actor): OperatorId {
  const me = operatorIdOf(actor);
  if (me === null) throw new Problem('no-operator');
  return me;
}

/**
 * The operator as whom the actor may reply on a contact that stands so. Throws Problem('no-operator'),
 * Problem('not-yours') or Problem('closed').
 */
export function replierOf(actor: Actor, contact: ContactStanding): OperatorId {
  const me = operatorOf(actor);
  if (contact.operatorId !== me) throw new Problem('not-yours');
  if (contact.status === 'closed') throw new Problem('closed');
  return me;
}

export function isOwn(sight: Sight, contact: ContactStanding): boolean {
  return sight.kind === 'own' && contact.operatorId === sight.operatorId;
}

function isInQueue(sight: Sight, contact: ContactStanding): boolean {
  return sight.kind === 'own' && contact.status === 'waiting' && sight.sourceIds.has(contact.sourceId);
}

/** Whether somebody with this sight sees a contact that stands so. */
export function sees(sight: Sight, contact: ContactStanding): boolean {
  return sight.kind === 'all' || isOwn(sight, contact) || isInQueue(sight, contact);
}

/** Whether the actor may do this to a contact that stands so. */
export function mayActOn(
  actor: Actor,
  sight: Sight,
  action: ContactAction,
  contact: ContactStanding,
): boolean {
  const reach = reachOf(actor, action);
  switch (reach) {
    case null:
      return false;
    case 'any':
      return true;
    case 'own':
      return isOwn(sight, contact);
    case 'queue':
      return isInQueue(sight, contact);
    case 'own-or-queue':
      return isOwn(sight, contact) || isInQueue(sight, contact);
  }
}
