import { randomBytes } from 'node:crypto';
import type { Role } from '../../../src/contract/access.ts';
import type { OperatorId } from '../../../src/contract/ids.ts';
import type { IssuedToken } from '../../../src/contract/access.ts';
import { sha256 } from '../../../src/desk/authenticate.ts';
import { SESSION_IDLE_MS } from '../../../src/desk/credential-rows.ts';
import { endSessions } from '../../../src/desk/end-sessions.ts';
import { cookieName } from '../../../src/http/client.ts';
import { ApiToken } from '../../../src/store/entities/api-token.ts';
import { Session } from '../../../src/store/entities/session.ts';
import { madeOperator, type TestApp } from '../../support/http.ts';

const HOUR = 3_600_000;

/** How a request proves who sends it. */
export type Proof = { headers: Record<string, string>; token: string | null };

/** A session of an operator, as a sign-in leaves it; times in milliseconds from now. */
export async function hasSession(
  { app }: TestApp,
  operatorId: number,
  { expiresIn = 24 * HOUR, usedAgo = 0 }: { expiresIn?: number; usedAgo?: number } = {},
): Promise<{ id: number; secret: string }> {
  const secret = randomBytes(32).toString('base64url');
  const now = Date.now();
  const id = await app.desk.store.write(async (tx) => {
    const session = tx.em.create(Session, {
      hash: sha256(secret).toString('hex'),
      operator: operatorId as OperatorId,
      createdAt: new Date(now - usedAgo),
      lastUsedAt: new Date(now - usedAgo),
      expiresAt: new Date(now + expiresIn),
    });
    await tx.em.flush();
    return session.id;
  });
  return { id, secret };
}

/** A token of an operator, made through REST. */
export async function hasToken(
  app: TestApp,
  operatorId: number,
  traits: Record<string, unknown> = {},
): Promise<{ id: number; secret: string }> {
  const body = { name: 'test', operator_id: operatorId, ...traits };
  const { json } = await app.admin<IssuedToken>('POST', '/tokens', { body });
  return { id: json.id, secret: json.token };
}

export function byToken(secret: string): Proof {
  return { headers: { authorization: `Bearer ${secret}` }, token: secret };
}

/** As the console sends it: a browser says where the page came from. */
export function byCookie(app: TestApp, secret: string): Proof {
  return { headers: { cookie: `${cookieName(false)}=${secret}`, origin: app.url }, token: null };
}

/** Everybody who has no right to act, or none any more. */
export async function strangersOf(app: TestApp, role: Role): Promise<Record<string, Proof>> {
  const { desk } = app.app;
  const { id } = await madeOperator(app, { role });
  const gone = await madeOperator(app, { role });
  const [good, revoked, expired] = [
    await hasToken(app, id),
    await hasToken(app, id),
    await hasToken(app, id),
  ];
  const goodSession = await hasSession(app, id);
  const [theirToken, theirSession] = [await hasToken(app, gone.id), await hasSession(app, gone.id)];
  const left = await madeOperator(app, { role });
  const ended = await hasSession(app, left.id);
  await app.admin('DELETE', `/tokens/${revoked.id}`);
  await app.admin('PATCH', `/operators/${gone.id}`, { body: { is_active: false } });
  await desk.store.write(async (tx) => {
    await tx.em.nativeUpdate(ApiToken, { id: expired.id as never }, { expiresAt: new Date(Date.now() - 1) });
    await endSessions(desk, tx, left.id);
  });
  return {
    'shows nothing': { headers: {}, token: null },
    'shows a wrong token': byToken('lg_nobody'),
    'shows a revoked token': byToken(revoked.secret),
    'shows an expired token': byToken(expired.secret),
    'shows the token of a deactivated operator': byToken(theirToken.secret),
    'shows a session as a token': byToken(goodSession.secret),
    'shows a token as a session': byCookie(app, good.secret),
    'shows a session that has expired': byCookie(app, (await hasSession(app, id, { expiresIn: -1 })).secret),
    'shows a session that was not used for long': byCookie(
      app,
      (await hasSession(app, id, { usedAgo: SESSION_IDLE_MS + 1 })).secret,
    ),
    'shows a session that was ended': byCookie(app, ended.secret),
    'shows the session of a deactivated operator': byCookie(app, theirSession.secret),
    'hides a good session behind a wrong token': {
      headers: { ...byCookie(app, goodSession.secret).headers, authorization: 'Bearer lg_nobody' },
      token: null,
    },
  };
}
