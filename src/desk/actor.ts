import type { Role, TokenScope } from '../contract/access.ts';
import type { OperatorId, SourceId, TokenId } from '../contract/ids.ts';

/** Who acts. `token`: a person or a system with a credential; the others never come from outside. */
export type Actor =
  | {
      kind: 'token';
      /** null: the fixed `ADMIN_TOKEN` of the environment. */
      tokenId: TokenId | null;
      role: Role;
      scope: TokenScope;
      operatorId: OperatorId | null;
    }
  | { kind: 'channel'; sourceId: SourceId }
  | { kind: 'routing' }
  | { kind: 'system' };

/** The gateway itself. */
export const SYSTEM = { kind: 'system' } as const satisfies Actor;

/** How an actor stands in a contact's trail. */
export function actorLabel(actor: Actor): string {
  switch (actor.kind) {
    case 'token':
      if (actor.operatorId !== null) return `operator:${actor.operatorId}`;
      return `token:${actor.tokenId ?? 'environment'}`;
    case 'channel':
      return 'lead';
    case 'routing':
    case 'system':
      return actor.kind;
  }
}
