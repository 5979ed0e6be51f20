import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { freshFolder, startTestApp, type TestApp } from '../support/http.ts';

const html = { headers: { accept: 'text/html,*/*' } };
const opened = new AsyncDisposableStack();
let app: TestApp;

beforeAll(async () => {
  const folder = opened.use(await freshFolder());
  await mkdir(join(folder.path, 'assets'));
  await writeFile(join(folder.path, 'secret.txt'), 'not to be served');
  await writeFile(join(folder.path, 'assets/main-1a2b.js'), `console.log('${'leadgate '.repeat(500)}')`);
  await writeFile(
    join(folder.path, 'index.html'),
    '<meta name="csp-nonce" content="__CSP_NONCE__"><script nonce="__CSP_NONCE__"></script>',
  );
  app = opened.use(await startTestApp('sqlite', {}, folder.path));
});

afterAll(() => opened.disposeAsync());

describe('the console', () => {
  test('is one page under every address that is nobody else’s', async () => {
    for (const path of ['/', '/inbox/7', '/settings?tab=weights']) {
      const answer = await app.as(null)('GET', `/${path}`, html);

      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch('text/html');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
  });

  test('carries a fresh nonce in every answer, the one that its policy names', async () => {
    const [first, second] = [await app.as(null)('GET', '//', html), await app.as(null)('GET', '//', html)];

    const [nonce, again] = [first, second].map((answer) => /content="(.+?)"/.exec(answer.text)?.[1]);
    expect(nonce).toMatch(/^[\w+/=]{20,}$/);
    expect(again).not.toBe(nonce);
    expect(first.text).toContain(`<script nonce="${nonce}">`);
    const policy = first.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`script-src 'self' 'nonce-${nonce}';`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  test('has files that browsers keep for ever, compressed', async () => {
    const answer = await app.as(null)('GET', '//assets/main-1a2b.js');

    const again = await app.as(null)('GET', '//assets/main-1a2b.js');
    const plain = await app.as(null)('GET', '//assets/main-1a2b.js', {
      headers: { 'accept-encoding': 'identity' },
    });

    expect(answer.text).toMatch(/^console\.log/);
    expect([again.text, plain.text]).toEqual([answer.text, answer.text]);
    expect(again.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(again.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each([
    '//assets/gone.js',
    '//assets/..%2fsecret.txt',
    '//assets/%2e%2e/secret.txt',
    '//assets/..%5csecret.txt',
    '//secret.txt',
    '//docs/package.json',
    '//hooks',
    '//api/v2/operators',
  ])('does not stand in for %s, and nothing else is served', async (path) => {
    const answer = await app.admin('GET', path);

    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.text).not.toContain('not to be served');
  });

  test('says how to build it where it is not built', async () => {
    await using bare = await startTestApp('sqlite', {}, '/nowhere');

    const answer = await bare.as(null)<{ detail: string }>('GET', '//', html);

    expect(answer.status).toBe(404);
    expect(answer.json.detail).toContain('npm run build:console');
  });
});

describe('the reference', () => {
  test('is complete without the internet', async () => {
    const page = await app.as(null)('GET', '//docs');
    const named = [...page.text.matchAll(/(?:src|href)="(.+?)"/g)].map(([, path]) => path!);

    expect(named).toContain('/docs/swagger-ui-bundle.js');
    for (const path of named) {
      const file = await app.as(null)('GET', `/${path}`);
      expect(file.status, path).toBe(200);
      expect(file.headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'");
    }
  });

  test('is the document that is kept with the sources: npm run openapi writes it', async () => {
    const served = await app.as(null)<object>('GET', '//openapi.json');

    const kept = await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
    expect(served.json).toMatchObject({ openapi: '3.1.0' });
    expect(served.json).toEqual(JSON.parse(kept));
  });
});

describe('an address', () => {
  test('may end in a slash, without a redirect', async () => {
    const answers = [
      await app.admin('GET', '/operators/'),
      await app.admin('POST', '/operators/', { body: { name: 'Ann' } }),
      await app.admin('GET', '/operators/1/load/'),
      await app.as(null)('GET', '//readyz/'),
      await app.as(null)('GET', '//docs/'),
      await app.as('wrong')('POST', '//hooks/nowhere/', { body: {} }),
    ];

    expect(answers.map((answer) => answer.status)).toEqual([200, 201, 200, 200, 200, 404]);
  });

  test('that nobody knows is a problem with the id under which it is logged', async () => {
    const answer = await app.admin<{ request_id: string }>('POST', '/nonsense', { body: {} });

    expect(answer.json).toEqual({
      type: '/problems/not-found',
      code: 'not-found',
      title: 'Not found',
      status: 404,
      request_id: answer.headers.get('x-request-id'),
    });
  });
});
