import { describe, expect, test } from 'vitest';
import { TokenCreate } from '../../src/contract/access.ts';
import type { OperatorId, TokenId } from '../../src/contract/ids.ts';
import type { Actor } from '../../src/desk/actor.ts';
import { openAuthenticator } from '../../src/desk/authenticate.ts';
import { deleteOperator } from '../../src/desk/delete-operator.ts';
import { issueToken } from '../../src/desk/issue-token.ts';
import { listOperators } from '../../src/desk/operators.ts';
import { listTokens, revokeToken } from '../../src/desk/tokens.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { whoAmI } from '../../src/desk/who-am-i.ts';
import { ApiToken } from '../../src/store/entities/api-token.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  openTestDesk,
  stoppedClock,
  type TestDesk,
} from '../support/desk.ts';

/** Takes tokens alone. */
function tokenDoor(desk: TestDesk, adminToken: string | null): (secret: string) => Promise<Actor | null> {
  const authenticate = openAuthenticator(desk, adminToken);
  return (secret) => authenticate({ kind: 'token', secret });
}

const issue = (desk: TestDesk, token: object, actor: Actor = admin) =>
  issueToken(desk, actor, TokenCreate.parse({ name: 'a token', ...token }));

describe.each(databases)('on %s', (database) => {
  test('a token acts as its operator with the role that the operator has now', async () => {
    await using desk = await openTestDesk(database);
    const authenticate = tokenDoor(desk, null);
    const ann = await hasOperator(desk);

    const { token, ...seen } = await issue(desk, { operator_id: ann });
    const asOperator = await authenticate(token);
    await updateOperator(desk, admin, ann, { role: 'supervisor' });
    const asSupervisor = await authenticate(token);

    expect(token).toMatch(/^lg_[A-Za-z0-9_-]{43}$/);
    expect(seen).toMatchObject({ name: 'a token', role: 'operator', scope: 'full', operator_id: ann });
    const credential = { kind: 'token', id: seen.id };
    const common = {
      kind: 'caller',
      credential,
      scope: 'full',
      operatorId: ann,
      address: null,
      rateLimit: null,
    };
    expect(asOperator).toEqual({ ...common, role: 'operator' });
    expect(asSupervisor).toEqual({ ...common, role: 'supervisor' });
  });

  test('without an operator a token acts as whoever made it', async () => {
    await using desk = await openTestDesk(database);
    const authenticate = tokenDoor(desk, null);
    const ann = await hasOperator(desk, { role: 'admin' });

    const ownerless = await issue(desk, { scope: 'ingest' });
    const owned = await issue(desk, {}, actingAs(ann, 'admin'));
    const byCommand = await issueToken(
      desk,
      { kind: 'system' },
      TokenCreate.parse({ name: 'c' }),
      'supervisor',
    );

    expect(await authenticate(ownerless.token)).toMatchObject({
      role: 'admin',
      scope: 'ingest',
      operatorId: null,
    });
    expect(await authenticate(owned.token)).toMatchObject({ role: 'admin', operatorId: ann });
    expect(await authenticate(byCommand.token)).toMatchObject({ role: 'supervisor', operatorId: null });
  });

  test('the secret is kept nowhere', async () => {
    await using desk = await openTestDesk(database);

    const { token } = await issue(desk, {});

    const { items } = await listTokens(desk, admin, { limit: 50 });
    expect(JSON.stringify(items)).not.toContain(token);
    expect(JSON.stringify(await desk.store.em().find(ApiToken, {}))).not.toContain(token.slice(3));
  });

  test('a revoked token is refused at once', async () => {
    await using desk = await openTestDesk(database);
    const authenticate = tokenDoor(desk, null);
    const { id, token } = await issue(desk, {});
    expect(await authenticate(token)).not.toBeNull();

    await revokeToken(desk, admin, id);

    expect(await authenticate(token)).toBeNull();
    await expect(revokeToken(desk, admin, id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a token ends with its operator, at once', async () => {
    await using desk = await openTestDesk(database);
    const authenticate = tokenDoor(desk, null);
    const [ann, bob] = [await hasOperator(desk), await hasOperator(desk)];
    const [hers, his] = [await issue(desk, { operator_id: ann }), await issue(desk, { operator_id: bob })];
    await Promise.all([authenticate(hers.token), authenticate(his.token)]);

    await updateOperator(desk, admin, ann, { is_active: false });
    await deleteOperator(desk, admin, bob);

    expect(await authenticate(hers.token)).toBeNull();
    expect(await authenticate(his.token)).toBeNull();
    await updateOperator(desk, admin, ann, { is_active: true });
    expect(await authenticate(hers.token)).not.toBeNull();
  });

  test('a token ends when its time has come, and is not made for the past', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const authenticate = tokenDoor(desk, null);
    const { token } = await issue(desk, { expires_at: '2026-01-01T00:01:00.000Z' });

    expect(await authenticate(token)).not.toBeNull();
    clock.advance(60_000);

    expect(await authenticate(token)).toBeNull();
    await expect(issue(desk, { expires_at: '2026-01-01T00:01:00.000Z' })).rejects.toMatchObject({
      code: 'invalid',
      details: { errors: [{ path: 'expires_at' }] },
    });
  });

  test('the last use is noted at most once a minute', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const authenticate = tokenDoor(desk, null);
    const { token } = await issue(desk, {});
    const lastUse = async () => (await listTokens(desk, admin, { limit: 1 })).items[0]!.last_used_at;

    const uses = [await lastUse()];
    for (const ms of [0, 59_999, 1]) {
      clock.advance(ms);
      await authenticate(token);
      uses.push(await lastUse());
    }

    expect(uses).toEqual([
      null,
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:01:00.000Z',
    ]);
  });

  test('the fixed token of the environment is an admin that acts for nobody', async () => {
    await using desk = await openTestDesk(database);
    const authenticate = tokenDoor(desk, 'a'.repeat(32));

    expect(await authenticate('a'.repeat(32))).toEqual(admin);
    expect(await authenticate('a'.repeat(31))).toBeNull();
    expect(await authenticate('')).toBeNull();
    expect(await tokenDoor(desk, null)('a'.repeat(32))).toBeNull();
  });

  test('a token that may only create contacts sees nothing, not even itself', async () => {
    await using desk = await openTestDesk(database);
    const authenticate = tokenDoor(desk, null);
    const { token } = await issue(desk, { scope: 'ingest' });
    const ingest = (await authenticate(token))!;

    await expect(listOperators(desk, ingest, { limit: 1 })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(listTokens(desk, ingest, { limit: 1 })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(whoAmI(desk, ingest)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('who I am is my operator and my role', async () => {
    await using desk = await openTestDesk(database);
    const ann = await hasOperator(desk, { name: 'Ann' });

    expect(await whoAmI(desk, actingAs(ann))).toMatchObject({
      role: 'operator',
      operator: { id: ann, name: 'Ann' },
    });
    expect(await whoAmI(desk, admin)).toEqual({ role: 'admin', operator: null });
  });

  test('only an admin makes, lists and revokes tokens, and only for operators that are there', async () => {
    await using desk = await openTestDesk(database);
    const ann = await hasOperator(desk);
    const supervisor = actingAs(ann, 'supervisor');

    await expect(issue(desk, {}, supervisor)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(listTokens(desk, supervisor, { limit: 1 })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(revokeToken(desk, supervisor, 1 as TokenId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(issue(desk, { operator_id: 4711 as OperatorId })).rejects.toMatchObject({
      code: 'invalid',
      details: { errors: [{ path: 'operator_id' }] },
    });
  });
});
