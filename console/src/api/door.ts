import { createStore, useStore } from '../state/store.ts';
import { doorOfAddress, type Door } from './link.ts';

const doorStore = createStore<Door | null, Door | null>((_, door) => door, null);

// A code in the address would stay in the history and go with every copied link.
function takeDoorFromAddress(): void {
  const door = doorOfAddress(location.pathname, location.hash);
  if (door === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  doorStore.dispatch(door);
}
takeDoorFromAddress();
addEventListener('hashchange', takeDoorFromAddress);

/** The page that stands before the sign-in; null where none does. */
export function useDoor(): Door | null {
  return useStore(doorStore, (door) => door);
}

let isSetupDeclined = false;

/** Leads to the page where the first admin is made, unless it was left for another way in. */
export function offerSetup(): void {
  if (isSetupDeclined) return;
  history.replaceState(history.state, '', '/setup');
  doorStore.dispatch({ kind: 'setup', code: null });
}

/** Leaves the door for a page of the console, or for its sign-in. */
export function leaveDoor(path = '/'): void {
  isSetupDeclined = true;
  history.replaceState(null, '', path);
  doorStore.dispatch(null);
}
