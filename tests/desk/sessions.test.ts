import { hash } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { SignIn } from '../../src/contract/access.ts';
import type { OperatorId } from '../../src/contract/ids.ts';
import { acceptInvite, lookAtInvite } from '../../src/desk/accept-invite.ts';
import { openAuthenticator } from '../../src/desk/authenticate.ts';
import { inviteOperator } from '../../src/desk/invite-operator.ts';
import { signIn } from '../../src/desk/sign-in.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { watchAccess } from '../../src/desk/watch-access.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { Password } from '../../src/store/entities/password.ts';
import { Session } from '../../src/store/entities/session.ts';
import { admin, databases, hasOperator, openTestDesk, stoppedClock, type TestDesk } from '../support/desk.ts';

const hour = 3_600_000;
const visitor = { address: '192.0.2.1', userAgent: 'a browser', held: null };
const good = { email: 'ann@example.com', password: 'quiet harbour lantern' };

/** An operator who can sign in; hashed more cheaply than the gateway does, or as it is said. */
async function hasAccount(desk: TestDesk, parameters: Parameters<typeof hash>[1] = {}): Promise<OperatorId> {
  const id = await hasOperator(desk, { name: 'Ann' });
  const kept = await hash(good.password, parameters);
  await desk.store.write(async (tx) => {
    await tx.em.execute('update operator set email = ? where id = ?', [good.email, id]);
    await tx.em.insert(Password, { operator: id, hash: kept, changedAt: desk.clock.now() });
  });
  return id;
}

describe.each(databases)('on %s', (database) => {
  test('a session ends after twelve hours without use, and after seven days whatever happens', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const authenticate = openAuthenticator(desk, null);
    await hasAccount(desk);
    const idle = { kind: 'session', secret: (await signIn(desk, good, visitor)).secret } as const;
    const used = { kind: 'session', secret: (await signIn(desk, good, visitor)).secret } as const;

    clock.advance(12 * hour - 1);
    expect(await authenticate(idle, 'check')).not.toBeNull();
    expect(await authenticate(used)).not.toBeNull();
    clock.advance(1);
    expect(await authenticate(idle)).toBeNull();
    for (let passed = 12; passed < 7 * 24 - 1; passed++) {
      clock.advance(hour);
      expect(await authenticate(used), `after ${passed} hours`).not.toBeNull();
    }
    clock.advance(hour);
    expect(await authenticate(used)).toBeNull();
  });

  test('what has expired is swept away when somebody signs in', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    await hasAccount(desk);
    await signIn(desk, good, visitor);
    clock.advance(12 * hour + 1);

    const { sessionId } = await signIn(desk, good, visitor);

    expect((await desk.store.em().find(Session, {})).map(({ id }) => id)).toEqual([sessionId]);
  });

  test('what the cookie holds is nowhere in the database', async () => {
    await using desk = await openTestDesk(database);
    await hasAccount(desk);

    const { secret } = await signIn(desk, good, visitor);

    const [row] = await desk.store.em().find(Session, {});
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(row).toMatchObject({ address: '192.0.2.1', userAgent: 'a browser' });
  });

  test('a password that was hashed in another way is hashed anew when it is used, and works on', async () => {
    await using desk = await openTestDesk(database);
    const operator = await hasAccount(desk, { memoryCost: 8192 });

    await signIn(desk, good, visitor);

    const kept = await desk.store.em().findOneOrFail(Password, { operator });
    expect(kept.hash).toContain('$m=19456,t=2,p=1$');
    await signIn(desk, good, visitor);
    expect((await desk.store.em().findOneOrFail(Password, { operator })).hash).toBe(kept.hash);
  });

  test('who was deactivated while the password was looked at does not come in', async () => {
    await using desk = await openTestDesk(database);
    const ann = await hasAccount(desk);

    const [signedIn] = await Promise.allSettled([
      signIn(desk, good, visitor),
      updateOperator(desk, admin, ann, { is_active: false }),
    ]);
    await updateOperator(desk, admin, ann, { is_active: true });

    // The change is done long before the hash is; and had it come later, it would have ended the session.
    expect(signedIn).toMatchObject({ status: 'rejected', reason: { code: 'bad-sign-in' } });
    expect(await desk.store.em().count(Session)).toBe(0);
  });

  test('who had its password set anew while the old one was looked at does not come in with it', async () => {
    await using desk = await openTestDesk(database);
    const ann = await hasAccount(desk);
    const other = await hash('seven grey pebbles');

    const [signedIn] = await Promise.allSettled([
      signIn(desk, good, visitor),
      desk.store.write((tx) => tx.em.nativeUpdate(Password, { operator: ann }, { hash: other })),
    ]);

    expect(signedIn).toMatchObject({ status: 'rejected', reason: { code: 'bad-sign-in' } });
  });

  test('the log tells who was refused, and not what a stranger typed', async () => {
    await using desk = await openTestDesk(database);
    const ann = await hasAccount(desk);
    const typed = [
      { ...good, password: 'my other password' },
      { email: 'my-password-in-the-wrong-field', password: 'x' },
    ];

    for (const input of typed)
      await expect(signIn(desk, SignIn.parse(input), visitor)).rejects.toMatchObject({ code: 'bad-sign-in' });

    const entries = await desk.store.em().find(AuditEntry, {}, { orderBy: { id: 'asc' } });
    expect(entries.map(({ actor, action, subject, address }) => [actor, action, subject, address])).toEqual([
      ['anonymous', 'session.refused', `operator:${ann}`, '192.0.2.1'],
      ['anonymous', 'session.refused', 'anonymous', '192.0.2.1'],
    ]);
    expect(JSON.stringify(entries)).not.toContain('password');
  });

  test('an invite counts for 48 hours, once, until the next one and while its operator may come in', async () => {
    const clock = stoppedClock();
    await using desk = await openTestDesk(database, { clock });
    const ann = await hasAccount(desk);
    const isOpen = (code: string): Promise<boolean> => lookAtInvite(desk, code).then(Boolean, () => false);
    const invite = async (): Promise<string> => (await inviteOperator(desk, admin, ann)).code;

    const first = await invite();
    const second = await invite();
    expect([await isOpen(first), await isOpen(second)]).toEqual([false, true]);
    clock.advance(48 * hour);
    expect(await isOpen(second)).toBe(false);
    const ended = [
      () => updateOperator(desk, admin, ann, { role: 'supervisor' }),
      () => updateOperator(desk, admin, ann, { email: 'ann@elsewhere.example' }),
      () => updateOperator(desk, admin, ann, { is_active: false }),
    ];
    for (const end of ended) {
      const code = await invite();
      expect(await isOpen(code)).toBe(true);
      await end();
      expect(await isOpen(code)).toBe(false);
    }
  });

  test('of two who take one invite at once, one sets the password', async () => {
    await using desk = await openTestDesk(database);
    await using other = await openTestDesk(database, { url: desk.databaseUrl });
    const { code } = await inviteOperator(desk, admin, await hasAccount(desk));
    const passwords = ['seven grey pebbles', 'eleven blue kettles'];

    const outcomes = await Promise.allSettled(
      [desk, other].map((at, turn) => acceptInvite(at, { code, password: passwords[turn]! }, visitor)),
    );

    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[1 - winner]).toMatchObject({ reason: { code: 'bad-code' } });
    await signIn(desk, { email: good.email, password: passwords[winner]! }, visitor);
  });

  test('a change of role or of the password ends every session before the change is answered', async () => {
    await using desk = await openTestDesk(database);
    await using _ = await watchAccess(desk);
    const authenticate = openAuthenticator(desk, null);
    const ann = await hasAccount(desk);
    const changes = [
      () => updateOperator(desk, admin, ann, { role: 'supervisor' }),
      () => updateOperator(desk, admin, ann, { role: 'admin' }),
      () => updateOperator(desk, admin, ann, { is_active: false }),
    ];
    for (const change of changes) {
      const shown = { kind: 'session', secret: (await signIn(desk, good, visitor)).secret } as const;
      expect(await authenticate(shown)).toMatchObject({ operatorId: ann });

      await change();

      expect(await authenticate(shown)).toBeNull();
    }
  });
});
