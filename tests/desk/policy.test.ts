import { describe, expect, test } from 'vitest';
import type { SourceId } from '../../src/contract/ids.ts';
import { type Actor, COMMAND_LINE, SYSTEM } from '../../src/desk/actor.ts';
import { type Action, authorize, authorizeAny, reachOf } from '../../src/desk/policy.ts';
import { Problem } from '../../src/problem.ts';
import { mayByRest } from '../http/support/may.ts';
import { actingAs, admin } from '../support/desk.ts';

const lines = Object.entries(mayByRest).flatMap(([name, line]) =>
  typeof line === 'object' ? [{ name, line }] : [],
);
const actions = [...new Set(lines.map(({ line }) => line.action))];
const roles = ['admin', 'supervisor', 'operator'] as const;

function mayAny(actor: Actor, action: Action): boolean {
  try {
    authorizeAny(actor, action);
    authorize(actor, action);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.code === 'forbidden') return false;
    throw error;
  }
}

describe('the policy', () => {
  test('says of each action who may, and no route asks for less', () => {
    const more = lines.flatMap(({ name, line }) => {
      const may = roles.filter((role) => reachOf(actingAs(1 as never, role), line.action) !== null);
      const intake = reachOf({ ...admin, scope: 'ingest' }, line.action) === null ? [] : ['ingest' as const];
      const differs = [...roles, 'ingest' as const].filter(
        (role) => [...may, ...intake].includes(role) !== (line[role] !== undefined),
      );
      return differs.map((role) => [name, role]);
    });

    // What a bot complained of last is for those who see everything of its source.
    expect(more).toEqual([['getSourceHealth', 'operator']]);
  });

  test('lets jobs and the command line do everything', () => {
    for (const actor of [SYSTEM, COMMAND_LINE])
      expect(actions.filter((action) => !mayAny(actor, action))).toEqual([]);
  });

  test('lets channels and the routing rule do nothing that is asked for', () => {
    for (const actor of [{ kind: 'channel', sourceId: 1 as SourceId }, { kind: 'routing' }] as const)
      expect(actions.filter((action) => reachOf(actor, action) !== null || mayAny(actor, action))).toEqual(
        [],
      );
  });
});
