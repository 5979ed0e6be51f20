import { queryClient } from '../api/queries.ts';
import { sessionStore } from '../api/session.ts';
import { deskStore } from '../state/desk-store.ts';

/** Forgets the token and all that was seen with it; drafts stay for the next visit. */
export function signOut(): void {
  sessionStore.dispatch({ type: 'signed-out' });
  deskStore.dispatch({ type: 'signed-out' });
  queryClient.clear();
}
