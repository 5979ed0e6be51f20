import { setTimeout as realPause } from 'node:timers/promises';
import { InvariantName, type InvariantCheck, type Invariants } from '../contract/invariants.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type Breach, subjectLabel } from './invariants-breach.ts';
import { type ContactLooks, findWrongContacts } from './invariants-contacts.ts';
import { findWrongLoads } from './invariants-operators.ts';
import { findUnserved, type Pause } from './invariants-queues.ts';
import { authorizeAny } from './policy.ts';

/** What one look has found. */
export type Look = { at: Date; breaches: Record<InvariantName, Breach[]> };

type Looks = { running: Promise<Look> | null; last: Look | null; contacts: ContactLooks };

// Beside the desk, not in it: nothing but these checks looks here.
const looksOf = new WeakMap<Desk['store'], Looks>();

const EXAMPLES = 20;

/** Checks now what must always hold, and tells what does not. Throws Problem('forbidden'). */
export async function invariants(desk: Desk, actor: Actor, pause: Pause = realPause): Promise<Invariants> {
  authorizeAny(actor, 'stats.see');
  const look = await lookAround(desk, pause);
  const checks = checksOf(look);
  return { checked_at: look.at.toISOString(), ok: checks.every(({ ok }) => ok), checks };
}

/**
 * Reads the database once for all who ask at the same time. It changes nothing, and each comparison is made within one
 * statement: what is under way is seen as it was before, or as it is after. Takes a second longer where somebody waits
 * beside a free operator, to see whether that lasts.
 */
export function lookAround(desk: Desk, pause: Pause): Promise<Look> {
  const looks = kept(desk);
  looks.running ??= read(desk, looks.contacts, pause)
    .then(
      (look) => (looks.last = look),
      (error: unknown) => {
        // What was found before may be over.
        looks.last = null;
        throw error;
      },
    )
    .finally(() => (looks.running = null));
  return looks.running;
}

/** The same, but never a look that has begun before this was called. */
export async function lookAgainAround(desk: Desk, pause: Pause): Promise<Look> {
  await kept(desk).running?.catch(() => {});
  return lookAround(desk, pause);
}

/** How many breaches the last look has found; empty before the first one, and while the database does not answer. */
export function invariantBreaches(desk: Desk): ReadonlyMap<InvariantName, number> {
  const { last } = kept(desk);
  if (last === null) return new Map();
  return new Map(InvariantName.options.map((name) => [name, last.breaches[name].length]));
}

/** What a look has found, as it is told: counted, with the first ones as examples. */
export function checksOf({ breaches }: Look): InvariantCheck[] {
  return InvariantName.options.map((name) => ({
    name,
    ok: breaches[name].length === 0,
    breaches: breaches[name].length,
    examples: breaches[name]
      .slice(0, EXAMPLES)
      .map((breach) => ({ subject: subjectLabel(breach), detail: breach.detail })),
  }));
}

async function read(desk: Desk, contacts: ContactLooks, pause: Pause): Promise<Look> {
  const load = await findWrongLoads(desk);
  const { oneOperator, trail } = await findWrongContacts(desk, contacts);
  const unserved = await findUnserved(desk, pause);
  return { at: desk.clock.now(), breaches: { load, 'one-operator': oneOperator, unserved, trail } };
}

function kept(desk: Desk): Looks {
  let looks = looksOf.get(desk.store);
  if (looks === undefined) {
    looks = { running: null, last: null, contacts: { event: null, below: null, suspects: [] } };
    looksOf.set(desk.store, looks);
  }
  return looks;
}
