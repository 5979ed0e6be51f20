import type { OperatorId } from '../contract/ids.ts';
import type { Desk } from '../desk/desk.ts';
import { setPresence } from '../desk/set-presence.ts';
import type { Log } from '../log.ts';

// A reload of the console or a short cut is not a leave.
const GRACE_MS = 60_000;

/** Counts an operator's open consoles at this gateway: many tabs are one presence. */
export type PresenceBook = {
  arrived(operator: OperatorId | null): void;
  left(operator: OperatorId | null): void;
  stop(): void;
};

export function openPresence(desk: Desk, log: Log, gateway: string, graceMs = GRACE_MS): PresenceBook {
  const consoles = new Map<OperatorId, number>();
  const leaving = new Map<OperatorId, NodeJS.Timeout>();

  function note(operator: OperatorId, isOnline: boolean): void {
    setPresence(desk, { operatorId: operator, gateway, isOnline }).catch((error: unknown) =>
      log.error({ err: error, operator }, 'a presence could not be noted'),
    );
  }

  return {
    arrived(operator) {
      if (operator === null) return;
      const count = (consoles.get(operator) ?? 0) + 1;
      consoles.set(operator, count);
      clearTimeout(leaving.get(operator));
      if (count === 1 && !leaving.delete(operator)) note(operator, true);
    },
    left(operator) {
      if (operator === null) return;
      const count = (consoles.get(operator) ?? 1) - 1;
      consoles.set(operator, count);
      if (count > 0) return;
      const timer = setTimeout(() => {
        leaving.delete(operator);
        note(operator, false);
      }, graceMs);
      leaving.set(operator, timer.unref());
    },
    stop() {
      for (const timer of leaving.values()) clearTimeout(timer);
    },
  };
}
