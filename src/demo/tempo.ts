import { setTimeout as after } from 'node:timers/promises';

/** The time of the demo: its seconds are shorter the faster it goes. */
export type Tempo = {
  /** Aborted when the demo ends; every pause ends with it, by rejecting. */
  readonly signal: AbortSignal;
  /** Waits for so many seconds of the demo; a signal of the caller's ends it too. */
  pause(seconds: number, signal?: AbortSignal): Promise<void>;
};

export function openTempo(speed: number, signal: AbortSignal): Tempo {
  return {
    signal,
    async pause(seconds, own) {
      const either = own === undefined ? signal : AbortSignal.any([signal, own]);
      await after((seconds * 1000) / speed, undefined, { signal: either });
    },
  };
}

/** How many seconds a person takes to type a text. */
export function typingSeconds(text: string): number {
  return 0.8 + Math.min(text.length, 160) / 18;
}
