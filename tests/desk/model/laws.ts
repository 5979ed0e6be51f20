import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import { refusalOf } from '../../../src/routing/candidate.ts';
import { replay } from '../../../src/routing/replay.ts';
import type { Inquiry, Step, Taken, World } from './world.ts';

const PAUSE_MS = 10 * 60_000;

/** What is wrong with a world that stands still. */
export function faultsOfWorld(world: World): string[] {
  return [...loadFaults(world), ...standingFaults(world), ...idleFaults(world)];
}

/** What one step did wrong, whoever made it. */
export function faultsOfStep({ before, after, decisions, caps }: Step): string[] {
  return [
    ...capFaults(before, after, caps),
    ...decisions.flatMap(recordFaults),
    ...undecidedFaults(before, after, decisions),
  ];
}

/** What a step did wrong that had the world to itself. */
export function faultsOfLoneStep(step: Step): string[] {
  const given = step.decisions.filter((decision) => decision.outcome === 'assigned');
  return [
    ...faultsOfStep(step),
    ...choiceFaults(step.after, given),
    ...returnFaults(step, given),
    ...offerFaults(step, given),
    ...leaveFaults(step),
    ...orderFaults(step.after, step.decisions),
  ];
}

function loadFaults({ operators, contacts }: World): string[] {
  return operators.flatMap(({ id, load }) => {
    const held = contacts.filter(
      (contact) => contact.status === 'assigned' && contact.operatorId === id,
    ).length;
    return load === held ? [] : [`operator ${id} has a load of ${load} and ${held} contacts`];
  });
}

function standingFaults({ contacts, operators }: World): string[] {
  const known = new Set<OperatorId | null>(operators.map((operator) => operator.id));
  return contacts
    .filter(({ status, operatorId }) => {
      switch (status) {
        case 'waiting':
          return operatorId !== null;
        case 'assigned':
          return !known.has(operatorId);
        case 'closed':
          return false;
      }
    })
    .map(({ id, status, operatorId }) => `contact ${id} is ${status} with operator ${operatorId}`);
}

/** No contact waits beside somebody who could take it. */
function idleFaults(world: World): string[] {
  return world.contacts
    .filter((contact) => contact.status === 'waiting')
    .flatMap((contact) =>
      world.operators
        .filter(({ id }) => isOpenTo(world, contact.sourceId, id) && !isPausedFor(world, contact, id))
        .filter(({ id }) => !contact.declined.includes(id))
        .map(({ id }) => `contact ${contact.id} waits though operator ${id} could take it`),
    );
}

/** A load above the cap only ever falls. */
function capFaults(before: World, after: World, caps: Step['caps']): string[] {
  return after.operators.flatMap(({ id, load, maxLoad }) => {
    const was = before.operators.find((operator) => operator.id === id)?.load ?? 0;
    const cap = Math.max(maxLoad, caps.get(id) ?? 0);
    return load > was && load > cap ? [`operator ${id} rose to ${load} above a cap of ${cap}`] : [];
  });
}

function recordFaults(decision: Taken): string[] {
  return replay(decision).faults.map((fault) => `decision ${decision.id}: ${fault}`);
}

/** Whatever is new was decided upon. */
function undecidedFaults(before: World, after: World, decisions: Taken[]): string[] {
  const known = new Set(before.contacts.map((contact) => contact.id));
  const decided = new Set(decisions.map((decision) => decision.contactId));
  return after.contacts
    .filter(({ id }) => !known.has(id) && !decided.has(id))
    .map(({ id }) => `contact ${id} has no decision`);
}

/** The rule gives to those alone who take part in the source's draw. */
function choiceFaults(world: World, given: Taken[]): string[] {
  return given.flatMap(({ contactId, operator_id: id }) => {
    const contact = world.contacts.find((one) => one.id === contactId)!;
    const reason = refusal(world, contact.sourceId, id!);
    return reason === null || reason === 'at-cap'
      ? []
      : [`contact ${contactId} was given to operator ${id}, who is refused as ${reason}`];
  });
}

/** For ten minutes the rule does not return a contact to whoever gave it back; what was lost offline comes with the return. */
function returnFaults({ before, after }: Step, given: Taken[]): string[] {
  return given
    .filter(({ contactId, operator_id: id, trigger }) => {
      const contact = before.contacts.find((one) => one.id === contactId);
      if (contact === undefined) return false;
      const isReleasedNow =
        (trigger === 'released' || trigger === 'handed-over') && contact.operatorId === id;
      if (!isOnline(before, id!) && isOnline(after, id!)) return false;
      return isReleasedNow || isPausedFor({ ...before, now: after.now }, contact, id!);
    })
    .map(({ contactId, operator_id: id }) => `contact ${contactId} went back to operator ${id} at once`);
}

/** The rule never offers a contact again to whoever did not accept it, until it is opened again. */
function offerFaults({ before }: Step, given: Taken[]): string[] {
  return given
    .filter(({ contactId, operator_id: id, trigger }) => {
      const contact = before.contacts.find((one) => one.id === contactId);
      if (contact === undefined || trigger === 'reopened') return false;
      const isDeclinedNow = trigger === 'declined' && contact.operatorId === id;
      return isDeclinedNow || contact.declined.includes(id!);
    })
    .map(({ contactId, operator_id: id }) => `contact ${contactId} was offered again to operator ${id}`);
}

/** Nothing stays with whoever leaves, or goes offline where the source does not let it keep its contacts. */
function leaveFaults({ before, after, leaver }: Step): string[] {
  return before.contacts.flatMap(({ id, status, operatorId, sourceId }) => {
    if (status !== 'assigned') return [];
    const stays = before.sources.find((one) => one.id === sourceId)!.onOffline === 'keep';
    const isLost = isOnline(before, operatorId!) && !isOnline(after, operatorId!) && !stays;
    const now = after.contacts.find((one) => one.id === id)!;
    const isThere = now.status === 'assigned' && now.operatorId === operatorId;
    return (operatorId === leaver || isLost) && isThere
      ? [`contact ${id} stayed with operator ${operatorId}, who left`]
      : [];
  });
}

/** First in, first out: what is given is given by age, and passes no older one that the same operator could take. */
function orderFaults(world: World, decisions: Taken[]): string[] {
  const given = decisions.filter(({ outcome }) => outcome === 'assigned');
  const late = new Set(
    decisions.filter(({ trigger }) => trigger === 'offer-expired').map((one) => one.contactId),
  );
  const row = given.map(({ contactId }) => world.contacts.find(({ id }) => id === contactId)!);
  // Offers end one by one, each in a commit of its own, whatever the age of their contacts.
  const isLate = (n: number): boolean => given[n]!.trigger === 'offer-expired';
  // What is handed over goes before those who wait already, and keeps its own order.
  const leaving = new Set(
    decisions.filter(({ trigger }) => trigger === 'handed-over').map((one) => one.contactId),
  );
  const isLeaving = (n: number): boolean => given[n]!.trigger === 'handed-over';
  const areAlike = (n: number): boolean => isLeaving(n) === isLeaving(n - 1);
  const swapped = row.filter(
    (contact, n) =>
      n > 0 && areAlike(n) && !isLate(n) && !isLate(n - 1) && goesBefore(world, contact, row[n - 1]!),
  );
  const overtaken = given.flatMap(({ operator_id: operatorId }, n) =>
    world.contacts.filter(
      (contact) =>
        contact.status === 'waiting' &&
        !late.has(contact.id) &&
        (!isLeaving(n) || leaving.has(contact.id)) &&
        goesBefore(world, contact, row[n]!) &&
        ['at-cap', null].includes(refusal(world, contact.sourceId, operatorId!)) &&
        !isPausedFor(world, contact, operatorId!) &&
        !contact.declined.includes(operatorId!),
    ),
  );
  return [
    ...swapped.map(({ id }) => `contact ${id} was given out after a younger one`),
    ...overtaken.map(({ id }) => `contact ${id} was overtaken by a younger one`),
  ];
}

function goesBefore(world: World, one: Inquiry, other: Inquiry): boolean {
  const [a, b] = [one, other].map(
    ({ sourceId }) => world.sources.find(({ id }) => id === sourceId)!.priority,
  );
  if (a !== b) return a! > b!;
  return one.createdAt < other.createdAt || (one.createdAt === other.createdAt && one.id < other.id);
}

function isPausedFor({ now }: World, { releasedBy, releasedAt }: Inquiry, id: OperatorId): boolean {
  return releasedBy === id && releasedAt !== null && now - releasedAt < PAUSE_MS;
}

function isOnline({ operators }: World, id: OperatorId): boolean {
  return operators.find((one) => one.id === id)!.isOnline;
}

function isOpenTo(world: World, sourceId: SourceId, id: OperatorId): boolean {
  return refusal(world, sourceId, id) === null;
}

/** Why the operator gets nothing of the source now; null when it may. */
function refusal(world: World, sourceId: SourceId, id: OperatorId): string | null {
  const source = world.sources.find((one) => one.id === sourceId)!;
  const operator = world.operators.find((one) => one.id === id);
  if (operator === undefined) return 'a stranger';
  const weight = world.weights.find((one) => one.sourceId === sourceId && one.operatorId === id)?.weight ?? 0;
  return refusalOf({ ...source, strategy: 'weighted_random' }, { ...operator, operatorId: id, weight });
}
