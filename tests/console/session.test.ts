import { expect, test } from 'vitest';
import {
  credentialOf,
  reduceSession,
  type Credential,
  type Identity,
  type Session,
} from '../../console/src/state/session.ts';

const anna: Identity = { operator: null, role: 'supervisor', demo: false };
const asOperator: Identity = { operator: null, role: 'operator', demo: false };
const cookie = (): Credential => ({ kind: 'cookie' });
const token: Credential = { kind: 'token', token: 'lg_anna' };

function signedIn(credential: Credential): Session {
  return { kind: 'signed-in', credential, identity: anna };
}

test('a page without a session is no refusal, a token that is not known is one', () => {
  const [none, unknown] = [cookie(), token].map((credential) =>
    reduceSession({ kind: 'unproven', credential }, { type: 'refused', credential }),
  );

  expect(none).toEqual({ kind: 'signed-out', wasRefused: false });
  expect(unknown).toEqual({ kind: 'signed-out', wasRefused: true });
});

test('what ends while somebody works is asked for over the page, in the way it was given', () => {
  for (const credential of [cookie(), token]) {
    const session = reduceSession(signedIn(credential), { type: 'refused', credential });

    expect(session).toEqual({ kind: 'expired', by: credential.kind, identity: anna });
    expect(credentialOf(session)).toBeNull();
  }
});

test('a late refusal of the session before does not end the one after it', () => {
  const [before, after] = [cookie(), cookie()];

  const session = reduceSession(signedIn(after), { type: 'refused', credential: before });

  expect(session).toEqual(signedIn(after));
});

test('who the credential speaks for is taken anew, and nobody is signed in by a late answer', () => {
  const credential = cookie();
  const out: Session = { kind: 'signed-out', wasRefused: false };
  const told = { type: 'identified', credential, identity: asOperator } as const;

  expect(reduceSession(signedIn(credential), told)).toEqual({
    kind: 'signed-in',
    credential,
    identity: asOperator,
  });
  expect(reduceSession(out, told)).toBe(out);
  expect(reduceSession({ kind: 'expired', by: 'cookie', identity: anna }, told)).toMatchObject({
    kind: 'expired',
  });
});

test('signing in takes the place of whoever was there, signing out leaves nobody', () => {
  const credential = cookie();
  const session = reduceSession(signedIn(token), { type: 'signed-in', credential, identity: asOperator });

  expect(credentialOf(session)).toBe(credential);
  expect(reduceSession(session, { type: 'signed-out' })).toEqual({ kind: 'signed-out', wasRefused: false });
});
