import type { Session as SessionAnswer } from '../../../src/contract/session.ts';
import { readStored, writeStored } from '../state/storage.ts';
import { createStore, useStore } from '../state/store.ts';
import { tokenOfLink } from './link.ts';

/** Who the token speaks for; `operator` is null for a token that acts for nobody. */
export type Identity = SessionAnswer;

/** `expired`: the page stays as it is below the question to sign in again. */
export type Session =
  | { kind: 'signed-out'; wasRefused: boolean }
  | { kind: 'unproven'; token: string }
  | { kind: 'signed-in'; token: string; identity: Identity }
  | { kind: 'expired'; identity: Identity };

type SessionAction =
  | { type: 'given'; token: string }
  | { type: 'proven'; token: string; identity: Identity }
  | { type: 'refused' }
  | { type: 'signed-out' };

function change(session: Session, action: SessionAction): Session {
  switch (action.type) {
    case 'given':
      return { kind: 'unproven', token: action.token };
    case 'proven':
      return { kind: 'signed-in', token: action.token, identity: action.identity };
    case 'refused':
      return session.kind === 'signed-in' || session.kind === 'expired'
        ? { kind: 'expired', identity: session.identity }
        : { kind: 'signed-out', wasRefused: session.kind === 'unproven' };
    case 'signed-out':
      return { kind: 'signed-out', wasRefused: false };
  }
}

function restore(): Session {
  const token = readStored('token');
  return token === null ? { kind: 'signed-out', wasRefused: false } : { kind: 'unproven', token };
}

export const sessionStore = createStore<Session, SessionAction>(change, restore());

sessionStore.subscribe(() => {
  const session = sessionStore.get();
  writeStored('token', 'token' in session ? session.token : null);
});

// A token in the address would stay in the history and go with every copied link.
function takeTokenFromAddress(): void {
  const token = tokenOfLink(location.hash);
  if (token === null) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  sessionStore.dispatch({ type: 'given', token });
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

export function currentToken(): string | null {
  const session = sessionStore.get();
  return 'token' in session ? session.token : null;
}
