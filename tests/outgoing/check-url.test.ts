import { expect, test } from 'vitest';
import { checkCallbackUrl } from '../../src/outgoing/check-url.ts';

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://0x7f.1/',
  'http://2130706433/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:10.0.0.1]/',
  'http://10.1.2.3/',
  'http://172.16.0.1/',
  'http://192.168.1.1:8080/hook',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/',
  'http://0.0.0.0/',
  'http://[fe80::1]/',
  'http://[fd00::1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://localhost:3000/',
  'http://LOCALHOST./',
  'http://api.localhost/',
])('a private address is refused at once, with the setting that would allow it: %s', (url) => {
  expect(checkCallbackUrl(url, [])).toMatch(/is not a public address; .* CALLBACK_ALLOW$/);
});

test.each(['https://example.org/hook', 'http://93.184.216.34/', 'https://[2606:4700::1111]/'])(
  'a public address is fine: %s',
  (url) => {
    expect(checkCallbackUrl(url, [])).toBeNull();
  },
);

test.each([
  ['http://10.1.2.3/', ['10.0.0.0/8']],
  ['http://[::ffff:10.1.2.3]/', ['10.0.0.0/8']],
  ['http://[fd00::1]/', ['10.0.0.0/8', 'fd00::/8']],
  ['http://localhost/', ['127.0.0.0/8']],
  ['http://192.168.1.7/', ['192.168.1.7']],
])('a private address that is allowed is fine: %s in %s', (url, allow) => {
  expect(checkCallbackUrl(url, allow)).toBeNull();
});

test.each([
  ['not a url', 'must be a URL'],
  ['ftp://example.org/', 'must start with http:// or https://'],
  ['file:///etc/passwd', 'must start with http:// or https://'],
  ['https://user:secret@example.org/', 'must not hold a user name or a password'],
])('%s is no callback address', (url, reason) => {
  expect(checkCallbackUrl(url, [])).toBe(reason);
});
