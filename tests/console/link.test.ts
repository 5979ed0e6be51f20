import { expect, test } from 'vitest';
import { tokenOfLink } from '../../console/src/api/link.ts';

test.each([
  ['#token=lg_abc-DEF_1', 'lg_abc-DEF_1'],
  ['#token=a%2Bb%3D&from=demo', 'a+b='],
  ['#from=demo', null],
  ['#token=', null],
  ['', null],
])('the fragment %j brings the token %j', (fragment, token) => {
  expect(tokenOfLink(fragment)).toBe(token);
});
