import type { SourceState } from '../contract/source.ts';
import type { Log } from '../log.ts';
import { failureOf } from './telegram/client.ts';
import { stateOf } from './telegram/state.ts';

/** How a running bot does; written by what keeps it running, read as the source's health. */
export type Vitals = {
  readonly log: Log;
  state: SourceState;
  username: string | null;
  lastError: string | null;
  lastErrorAt: Date | null;
  lastUpdateAt: Date | null;
  pendingUpdates: number | null;
};

export function freshVitals(log: Log, username: string | null): Vitals {
  return {
    log,
    state: 'starting',
    username,
    lastError: null,
    lastErrorAt: null,
    lastUpdateAt: null,
    pendingUpdates: null,
  };
}

/** Notes how the bot does; a change of state stands in the log, once. */
export function noteState(vitals: Vitals, state: SourceState, error: string | null): void {
  if (state !== vitals.state) vitals.log.info({ state, error }, 'the state of a bot changed');
  vitals.state = state;
  noteError(vitals, error);
}

/** Notes what goes wrong while the state stays as it is; null: nothing any more. */
export function noteError(vitals: Vitals, error: string | null): void {
  vitals.lastError = error;
  if (error !== null) vitals.lastErrorAt = new Date();
}

/** Notes what a call of the Bot API threw; answers how long Telegram wants to be left alone, if it says so. */
export function noteFailure(vitals: Vitals, error: unknown): number | null {
  const failure = failureOf(error);
  noteState(vitals, stateOf(failure), failure.reason);
  return failure.kind === 'answered' ? failure.retryAfterMs : null;
}
