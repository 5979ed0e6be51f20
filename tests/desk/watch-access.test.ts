import { describe, expect, test } from 'vitest';
import { TokenCreate } from '../../src/contract/access.ts';
import { openAuthenticator } from '../../src/desk/authenticate.ts';
import { onAccessChange } from '../../src/desk/credential-cache.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { issueToken } from '../../src/desk/issue-token.ts';
import { revokeToken } from '../../src/desk/tokens.ts';
import { watchAccess } from '../../src/desk/watch-access.ts';
import { admin, databases, openTestDesk } from '../support/desk.ts';

/** A token that this desk has seen, and what it makes of it. */
async function knownToken(desk: Desk) {
  const issued = await issueToken(desk, admin, TokenCreate.parse({ name: 'a token' }));
  const authenticate = openAuthenticator(desk, null);
  const ask = () => authenticate({ kind: 'token', secret: issued.token });
  expect(await ask()).toMatchObject({ role: 'admin' });
  return { id: issued.id, ask };
}

describe.each(databases)('on %s', (database) => {
  test('what another process has ended is noticed, and counts no more', async () => {
    await using here = await openTestDesk(database);
    await using there = await openTestDesk(database, { url: here.databaseUrl });
    await using _ = await watchAccess(here);
    const token = await knownToken(here);
    const noticed = new Promise<void>((resolve) => onAccessChange(here, resolve));

    await revokeToken(there, admin, token.id);
    await noticed;

    expect(await token.ask()).toBeNull();
  });

  test('while it is looked, a credential is answered from memory', async () => {
    await using desk = await openTestDesk(database);
    await using _ = await watchAccess(desk);
    const token = await knownToken(desk);
    const noticed = new Promise<void>((resolve) => onAccessChange(desk, resolve));

    await desk.store.write((tx) => tx.em.execute('delete from api_token'));
    const remembered = await token.ask();
    await desk.store.write((tx) => tx.em.execute('update access set generation = generation + 1'));
    await noticed;

    expect(remembered).toMatchObject({ role: 'admin' });
    expect(await token.ask()).toBeNull();
  });

  test('when nobody looks any more, each credential is looked up', async () => {
    await using here = await openTestDesk(database);
    await using there = await openTestDesk(database, { url: here.databaseUrl });
    const watch = await watchAccess(here);
    const token = await knownToken(here);

    await watch[Symbol.asyncDispose]();
    await revokeToken(there, admin, token.id);

    expect(await token.ask()).toBeNull();
  });
});
