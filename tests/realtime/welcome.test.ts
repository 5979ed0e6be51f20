import { describe, expect, test } from 'vitest';
import { type Role, TokenCreate } from '../../src/contract/access.ts';
import { openAuthenticator } from '../../src/desk/authenticate.ts';
import { forgetCredentials } from '../../src/desk/credential-cache.ts';
import { issueToken } from '../../src/desk/issue-token.ts';
import { revokeToken } from '../../src/desk/tokens.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import {
  actingAs,
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
    url: realtime.url,
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
    expect(at.console.socket.connected).toBe(false);
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
    const closed = new Promise((resolve) => at.console.socket.once('disconnect', resolve));

    await updateOperator(desk, admin, at.boss, { role: 'operator' });
    await closed;
    await opens(desk, source, 'somebody');
    using again = await openConsole(at.url, at.issued.token);
    const answer = await again.subscribe(null);

    expect(answer).toMatchObject({ snapshot: { counts: { all: 0 }, contacts: [] } });
  });
});

test('who has another role by now is cut, also where nothing was told of it', async () => {
  await using desk = await openTestDesk('sqlite');
  let role: Role = 'supervisor';
  const ann = await hasOperator(desk);
  await using realtime = await serveRealtime(desk, () => Promise.resolve(actingAs(ann, role)));
  using console = await openConsole(realtime.url, 'a token');
  await console.subscribe(null);
  const closed = new Promise((resolve) => console.socket.once('disconnect', resolve));

  // As it is at another gateway: the event has passed before this one forgets what the token stood for.
  role = 'operator';
  forgetCredentials(desk);

  await closed;
});
