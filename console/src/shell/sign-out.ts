import { leave } from '../api/leave.ts';
import { queryClient } from '../api/queries.ts';
import { sessionStore } from '../api/session.ts';
import { deskStore } from '../state/desk-store.ts';

/** Ends the session and forgets all that was seen with it; drafts stay for the next visit. */
export function signOut(): void {
  leave();
  sessionStore.dispatch({ type: 'signed-out' });
  forgetWhatWasSeen();
}

export function forgetWhatWasSeen(): void {
  deskStore.dispatch({ type: 'signed-out' });
  queryClient.clear();
}
