/** Wakes a loop: hints given while it works are not lost, many of them wake it once. */
export type Hint = { give(): void; taken(atMostMs: number): Promise<void> };

export function openHint(): Hint {
  let isGiven = false;
  let wake: (() => void) | null = null;
  return {
    give() {
      isGiven = true;
      wake?.();
    },
    async taken(atMostMs) {
      if (!isGiven)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, atMostMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      wake = null;
      isGiven = false;
    },
  };
}
