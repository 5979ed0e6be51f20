/** What the customer waits for; `no` tells one wait from the next. */
export type Turn = { readonly no: number } & (
  | { wants: 'reply'; texts: readonly string[]; note: string | null }
  | { wants: 'close'; reason: string }
);
type Wish = Turn extends infer Each ? (Each extends Turn ? Omit<Each, 'no'> : never) : never;

/** Who has the floor in a conversation: the customer, or the operator, who then has a turn. */
export type Floor = {
  /** The operator's turn. */
  give(wish: Wish): void;
  /** The customer speaks again. */
  take(): void;
  /** The operator's turn that comes after this one, now or later; rejects when the signal comes first. */
  turnAfter(no: number, signal: AbortSignal): Promise<Turn>;
};

export function openFloor(): Floor {
  let given = 0;
  let turn: Turn | null = null;
  const waiting = new Set<() => void>();
  return {
    give(wish) {
      given += 1;
      turn = { ...wish, no: given };
      for (const wake of waiting) wake();
    },
    take() {
      turn = null;
    },
    async turnAfter(no, signal) {
      for (;;) {
        signal.throwIfAborted();
        if (turn !== null && turn.no > no) return turn;
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            signal.removeEventListener('abort', wake);
            resolve();
          };
          waiting.add(wake);
          signal.addEventListener('abort', wake);
        });
      }
    },
  };
}
