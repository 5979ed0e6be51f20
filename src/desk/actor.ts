import type { Role, TokenScope } from '../contract/access.ts';
import type { OperatorId, SessionId, SourceId, TokenId } from '../contract/ids.ts';

/** With what somebody proved who it is; `environment` is the fixed `ADMIN_TOKEN`. */
export type Credential =
  | { kind: 'token'; id: TokenId }
  | { kind: 'session'; id: SessionId }
  | { kind: 'environment' };

/** A person or a system with a credential. */
export type Caller = {
  kind: 'caller';
  credential: Credential;
  role: Role;
  scope: TokenScope;
  operatorId: OperatorId | null;
  /** Where the call came from, null where that is not known. */
  address: string | null;
  /** Requests a minute; null: as many as the gateway lets anybody. */
  rateLimit: number | null;
};

/** Whoever has proved nothing yet: may do nothing, and stands in the audit log. */
export type Anonymous = { kind: 'anonymous'; address: string | null };

/** Who acts; all but a caller and whoever proves nothing never come from outside. */
export type Actor =
  | Caller
  | Anonymous
  | { kind: 'channel'; sourceId: SourceId }
  | { kind: 'routing' }
  | { kind: 'command-line' }
  | { kind: 'system' };

/** The gateway itself. */
export const SYSTEM = { kind: 'system' } as const satisfies Actor;

/** Whoever holds the fixed `ADMIN_TOKEN`. */
export const ENVIRONMENT: Caller = {
  kind: 'caller',
  credential: { kind: 'environment' },
  role: 'admin',
  scope: 'full',
  operatorId: null,
  address: null,
  rateLimit: null,
};

/** Whoever may run commands on the gateway's machine. */
export const COMMAND_LINE = { kind: 'command-line' } as const satisfies Actor;

/** The operator as whom somebody acts, null for who acts as none. */
export function operatorIdOf(actor: Actor): OperatorId | null {
  return actor.kind === 'caller' ? actor.operatorId : null;
}

export function credentialLabel(credential: Credential): string {
  return credential.kind === 'environment' ? 'token:environment' : `${credential.kind}:${credential.id}`;
}

/** How an actor stands in a contact's trail. */
export function actorLabel(actor: Actor): string {
  switch (actor.kind) {
    case 'caller':
      if (actor.operatorId !== null) return `operator:${actor.operatorId}`;
      return credentialLabel(actor.credential);
    case 'channel':
      return 'lead';
    case 'anonymous':
    case 'routing':
    case 'command-line':
    case 'system':
      return actor.kind;
  }
}
