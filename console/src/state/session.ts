import type { Session as Identity } from '../../../src/contract/session.ts';

/** With what the gateway is asked: a token, or the cookie that the browser keeps and shows by itself. */
export type Credential = { kind: 'token'; token: string } | { kind: 'cookie' };

/** Who the credential speaks for; `operator` is null for a token that acts for nobody. */
export type { Identity };

/** `expired`: the page stays as it is below the question to sign in again. */
export type Session =
  | { kind: 'signed-out'; wasRefused: boolean }
  | { kind: 'unproven'; credential: Credential }
  | { kind: 'signed-in'; credential: Credential; identity: Identity }
  | { kind: 'expired'; by: Credential['kind']; identity: Identity };

export type SessionAction =
  | { type: 'given'; credential: Credential }
  | { type: 'signed-in'; credential: Credential; identity: Identity }
  /** The gateway has said for whom the present credential speaks. */
  | { type: 'identified'; credential: Credential; identity: Identity }
  | { type: 'refused'; credential: Credential }
  | { type: 'signed-out' };

/** What becomes of the session. An answer about a credential that is no longer the present one changes nothing. */
export function reduceSession(session: Session, action: SessionAction): Session {
  switch (action.type) {
    case 'given':
      return { kind: 'unproven', credential: action.credential };
    case 'signed-in':
      return { kind: 'signed-in', credential: action.credential, identity: action.identity };
    case 'identified':
      return credentialOf(session) === action.credential
        ? { kind: 'signed-in', credential: action.credential, identity: action.identity }
        : session;
    case 'refused':
      return credentialOf(session) === action.credential ? refused(session) : session;
    case 'signed-out':
      return { kind: 'signed-out', wasRefused: false };
  }
}

function refused(session: Session): Session {
  switch (session.kind) {
    case 'signed-in':
      return { kind: 'expired', by: session.credential.kind, identity: session.identity };
    case 'unproven':
      // That there is no session yet is no refusal.
      return { kind: 'signed-out', wasRefused: session.credential.kind === 'token' };
    case 'signed-out':
    case 'expired':
      return session;
  }
}

/** The credential that is shown to the gateway now. */
export function credentialOf(session: Session): Credential | null {
  return 'credential' in session ? session.credential : null;
}
