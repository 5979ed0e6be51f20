import { expect, test } from 'vitest';
import { freshFolder, startTestApp } from '../support/http.ts';

const everywhere = [
  '/api/v1/contacts',
  '/api/v1/nothing',
  '/hooks/nobody',
  '/telegram/nobody',
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/docs/swagger-ui.css',
  '/nothing',
  '/',
  '/inbox/mine',
];

test('every answer is what it says it is, and no page may hold it or run what is in it', async () => {
  await using folder = await freshFolder();
  await using app = await startTestApp('sqlite', {}, folder.path);

  for (const path of everywhere) {
    const { headers } = await fetch(app.url + path);
    const policy = headers.get('content-security-policy');

    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('referrer-policy'), path).toBe('no-referrer');
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).not.toMatch(/script-src[^;]*(?:unsafe|\*|data:)/);
    expect(headers.get('strict-transport-security'), path).toBeNull();
    expect(headers.get('access-control-allow-origin'), path).toBeNull();
    expect(headers.get('x-powered-by'), path).toBeNull();
  }
});

test('whoever came by https once is asked to come by it always', async () => {
  await using folder = await freshFolder();
  await using app = await startTestApp('sqlite', { publicUrl: 'https://desk.example' }, folder.path);

  for (const path of everywhere) {
    const { headers } = await fetch(app.url + path);

    expect(headers.get('strict-transport-security'), path).toBe('max-age=15552000');
  }
});
