import type { OperatorId } from '../contract/ids.ts';
import type { Desk } from '../desk/desk.ts';
import { setPresence } from '../desk/set-presence.ts';
import type { Log } from '../log.ts';

// A reload of the console or a short cut is not a leave.
const GRACE_MS = 60_000;
// What could not be noted, or what others took for a dead gateway's and cleaned up, is noted again.
const AGAIN_MS = 30_000;

/** Counts an operator's open consoles at this gateway: many tabs are one presence. */
export type PresenceBook = {
  arrived(operator: OperatorId | null): void;
  left(operator: OperatorId | null): void;
  /** Notes nothing more; resolves when what is under way is done. */
  stop(): Promise<void>;
};

type Times = { graceMs?: number; againMs?: number };

export function openPresence(
  desk: Desk,
  log: Log,
  gateway: string,
  { graceMs = GRACE_MS, againMs = AGAIN_MS }: Times = {},
): PresenceBook {
  const consoles = new Map<OperatorId, number>();
  const leaving = new Map<OperatorId, NodeJS.Timeout>();
  // Who has left, until that is noted.
  const gone = new Set<OperatorId>();
  // One after the other: whoever comes back while the leave is being noted is noted behind it.
  let noting = Promise.resolve();
  let isStopped = false;

  function note(operator: OperatorId, isOnline: boolean): void {
    noting = noting.then(async () => {
      if (isStopped || (!isOnline && consoles.has(operator))) return;
      try {
        await setPresence(desk, { operatorId: operator, gateway, isOnline });
        gone.delete(operator);
      } catch (error) {
        if (!isOnline && !consoles.has(operator)) gone.add(operator);
        log.error({ err: error, operator }, 'a presence could not be noted; it is tried once more');
      }
    });
  }

  const again = setInterval(() => {
    for (const operator of consoles.keys()) note(operator, true);
    for (const operator of gone) note(operator, false);
  }, againMs).unref();

  return {
    arrived(operator) {
      if (operator === null) return;
      const count = (consoles.get(operator) ?? 0) + 1;
      consoles.set(operator, count);
      gone.delete(operator);
      clearTimeout(leaving.get(operator));
      if (count === 1 && !leaving.delete(operator)) note(operator, true);
    },
    left(operator) {
      if (operator === null) return;
      const count = (consoles.get(operator) ?? 1) - 1;
      if (count > 0) {
        consoles.set(operator, count);
        return;
      }
      consoles.delete(operator);
      const timer = setTimeout(() => {
        leaving.delete(operator);
        note(operator, false);
      }, graceMs);
      leaving.set(operator, timer.unref());
    },
    async stop() {
      isStopped = true;
      clearInterval(again);
      for (const timer of leaving.values()) clearTimeout(timer);
      await noting;
    },
  };
}
