import { describe, expect, test } from 'vitest';
import { TokenCreate } from '../../src/contract/access.ts';
import { openAuthenticator } from '../../src/desk/authenticate.ts';
import { issueToken } from '../../src/desk/issue-token.ts';
import { revokeToken } from '../../src/desk/tokens.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import {
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  type TestDesk,
} from '../support/desk.ts';
import { openConsole, serveRealtime } from './console.ts';

/** A supervisor's console that is open, used and subscribed, with the token that opened it. */
async function watching(desk: TestDesk) {
  const realtime = await serveRealtime(desk, openAuthenticator(desk, null));
  const boss = await hasOperator(desk, { role: 'supervisor' });
  const issued = await issueToken(desk, admin, TokenCreate.parse({ name: 'boss', operator_id: boss }));
  const console = await openConsole(realtime.url, issued.token);
  await console.subscribe(null);
  return {
    boss,
    issued,
    console,
    async [Symbol.asyncDispose]() {
      console[Symbol.dispose]();
      await realtime[Symbol.asyncDispose]();
    },
  };
}

describe.each(databases)('on %s', (database) => {
  test('a revoked token closes its socket', async () => {
    await using desk = await openTestDesk(database);
    await using at = await watching(desk);
    const closed = new Promise((resolve) => at.console.socket.once('disconnect', resolve));

    await revokeToken(desk, admin, at.issued.id);

    await closed;
    await expect(at.console.subscribe(null)).rejects.toThrow();
  });

  test('deactivating an operator closes its socket, however recently its token was used', async () => {
    await using desk = await openTestDesk(database);
    await using at = await watching(desk);
    const closed = new Promise((resolve) => at.console.socket.once('disconnect', resolve));

    await updateOperator(desk, admin, at.boss, { is_active: false });

    await closed;
  });

  test('a supervisor who becomes an operator sees nothing more of what is not its own', async () => {
    await using desk = await openTestDesk(database);
    await using at = await watching(desk);
    const source = await hasSource(desk);

    await updateOperator(desk, admin, at.boss, { role: 'operator' });
    await at.console.hears((event) => event.type === 'operator.updated');
    await opens(desk, source, 'somebody');
    const answer = await at.console.subscribe(null);

    expect(answer).toMatchObject({ snapshot: { counts: { all: 0 }, contacts: [] } });
  });
});
