import { BadAnswer } from '../api/request.ts';
import { createStore, useStore } from '../state/store.ts';
import { lazily } from '../ui/lazily.tsx';
import { wordsOf } from './words.ts';

const bringRack = () => import('./toast-rack.tsx');
type Rack = Awaited<ReturnType<typeof bringRack>>;

/** Where toasts appear; nothing of it is there before the first one. */
export const ToastRack = lazily(async () => (await bringRack()).ToastRack);

const rackStore = createStore<boolean, 'wanted'>(() => true, false);

export function useRackWanted(): boolean {
  return useStore(rackStore, (isWanted) => isWanted);
}

function show(act: (rack: Rack) => void): void {
  rackStore.dispatch('wanted');
  void bringRack().then(act);
}

/** Says that something was done; with `undo`, offers to take it back for five seconds. */
export function tell(text: string, undo?: () => void): void {
  show(({ showDone }) => showDone(text, undo));
}

/** Says in words why something was not done. */
export function tellFailure(error: unknown): void {
  if (error instanceof BadAnswer) console.error(error);
  const text = wordsOf(error);
  show(({ showFailure }) => showFailure(text));
}
