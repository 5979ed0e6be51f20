import { lazy, Suspense, useState, type ComponentType } from 'react';
import { patiently } from './patiently.ts';

const known: (() => Promise<unknown>)[] = [];

/**
 * A component that is fetched when it is first shown, and shows nothing until then. What cannot be had is the
 * failure of the page around it.
 */
export function lazily<P extends object>(bring: () => Promise<ComponentType<P>>): ComponentType<P> {
  const Inner = lazy(async () => ({ default: await patiently(bring) }));
  known.push(bring);
  return function Later(props: P) {
    return (
      <Suspense fallback={null}>
        <Inner {...props} />
      </Suspense>
    );
  };
}

/** Fetches what is not there yet while nobody waits for it: a dialog then opens at once, and without a network. */
export function bringTheRest(): void {
  for (const bring of known) bring().catch(() => undefined);
}

/** True from the first time on: what was opened once stays, so that it can close by itself and give back the focus. */
export function useEver(isNow: boolean): boolean {
  const [wasEver, setEver] = useState(isNow);
  if (isNow && !wasEver) setEver(true);
  return wasEver || isNow;
}
