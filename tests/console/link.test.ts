import { expect, test } from 'vitest';
import { doorOfAddress, tokenOfLink } from '../../console/src/api/link.ts';

test.each([
  ['#token=lg_abc-DEF_1', 'lg_abc-DEF_1'],
  ['#token=a%2Bb%3D&from=demo', 'a+b='],
  ['#from=demo', null],
  ['#token=', null],
  ['', null],
])('the fragment %j brings the token %j', (fragment, token) => {
  expect(tokenOfLink(fragment)).toBe(token);
});

test.each([
  ['/setup', '#code=AB-CD', { kind: 'setup', code: 'AB-CD' }],
  ['/invite/', '#code=x%2By', { kind: 'invite', code: 'x+y' }],
  ['/invite', '', { kind: 'invite', code: null }],
  ['/inbox/mine', '#code=AB-CD', null],
  ['/setup/more', '#code=AB-CD', null],
])('the address %j with %j leads to the door %j', (path, fragment, door) => {
  expect(doorOfAddress(path, fragment)).toEqual(door);
});
