import { emptyDesk, type Action, type Desk } from './desk.ts';
import { reduce } from './reduce.ts';
import { createStore, useStore } from './store.ts';

/** The one desk of this tab. */
export const deskStore = createStore<Desk, Action>(reduce, emptyDesk);

export function useDesk<T>(select: (desk: Desk) => T): T {
  return useStore(deskStore, select);
}
