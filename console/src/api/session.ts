import { readStored, writeStored } from '../state/storage.ts';
import {
  credentialOf,
  reduceSession,
  type Credential,
  type Identity,
  type Session,
  type SessionAction,
} from '../state/session.ts';
import { createStore, useStore } from '../state/store.ts';
import { tokenOfLink } from './link.ts';

/** A session of the browser. Each is another, so that a late answer to the one before is known as such. */
export function byCookie(): Credential {
  return { kind: 'cookie' };
}

export function byToken(token: string): Credential {
  return { kind: 'token', token };
}

// Without a token of the last visit the cookie decides, which no script can see.
function restore(): Session {
  const token = readStored('token');
  return { kind: 'unproven', credential: token === null ? byCookie() : byToken(token) };
}

export const sessionStore = createStore<Session, SessionAction>(reduceSession, restore());

sessionStore.subscribe(() => {
  const credential = currentCredential();
  writeStored('token', credential?.kind === 'token' ? credential.token : null);
});

// A token in the address would stay in the history and go with every copied link.
function takeTokenFromAddress(): void {
  const token = tokenOfLink(location.hash);
  if (token === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  sessionStore.dispatch({ type: 'given', credential: byToken(token) });
}
takeTokenFromAddress();
addEventListener('hashchange', takeTokenFromAddress);

export function useSession(): Session {
  return useStore(sessionStore, (session) => session);
}

/** Who is at the desk. Only below the sign-in gate. */
export function useIdentity(): Identity {
  return useStore(sessionStore, (session) => {
    if ('identity' in session) return session.identity;
    throw new Error('nobody is signed in');
  });
}

export function currentCredential(): Credential | null {
  return credentialOf(sessionStore.get());
}
