import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { openSeal } from '../../src/store/seal.ts';

const seal = openSeal(Buffer.alloc(32, 1));
const other = openSeal(Buffer.alloc(32, 2));

test('what is sealed for a place opens there, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (secret, place) => {
      expect(seal.open(place, seal.close(place, secret))).toBe(secret.toWellFormed());
    }),
    { seed: 20_260_101 },
  );
});

test('a sealed secret does not show the secret, and is never the same twice', () => {
  const [one, two] = [
    seal.close('source:1:secret', '123456:token'),
    seal.close('source:1:secret', '123456:token'),
  ];

  expect(one).not.toBe(two);
  expect(one).not.toContain('token');
  expect(Buffer.from(one.split('.')[2]!, 'base64url').toString('latin1')).not.toContain('token');
});

test('it opens in no other place', () => {
  const sealed = seal.close('source:1:secret', 'token');

  expect(() => seal.open('source:2:secret', sealed)).toThrow();
});

test('it opens with no other key, and the fault says so without the secret', () => {
  const sealed = seal.close('source:1:secret', 'token');

  expect(() => other.open('source:1:secret', sealed)).toThrow(
    'source:1:secret is sealed with another key than SECRET_KEY',
  );
});

test('a changed byte anywhere is found', () => {
  const [version, key, body] = seal.close('a', 'token').split('.') as [string, string, string];
  const bytes = Buffer.from(body, 'base64url');

  for (let place = 0; place < bytes.length; place++) {
    const changed = Buffer.from(bytes);
    changed[place]! ^= 1;
    expect(() => seal.open('a', `${version}.${key}.${changed.toString('base64url')}`)).toThrow();
  }
});

test.each(['', 'v1', 'v1.x', 'v2.00000000.AAAA', 'token', 'v1..'])(
  '%j is nothing that was sealed',
  (text) => {
    expect(() => seal.open('a', text)).toThrow();
  },
);

test('a sealed text that was cut short is found', () => {
  const sealed = seal.close('a', 'token');
  const start = sealed.lastIndexOf('.') + 1;

  for (let end = start; end < sealed.length; end++)
    expect(() => seal.open('a', sealed.slice(0, end))).toThrow();
});

test('fingerprints tell secrets apart, and are worth nothing without the key', () => {
  expect(seal.fingerprint('a')).toBe(seal.fingerprint('a'));
  expect(seal.fingerprint('a')).not.toBe(seal.fingerprint('b'));
  expect(seal.fingerprint('a')).not.toBe(other.fingerprint('a'));
});

test('a key that is not 32 bytes is refused', () => {
  expect(() => openSeal(Buffer.alloc(31))).toThrow('32 bytes');
});
