import { expect, test } from 'vitest';
import { describeApi } from '../../src/http/openapi.ts';
import { openRoutes } from '../../src/http/routes.ts';
import type { Gateway } from '../../src/http/gateway.ts';

// Nothing is asked of it here: what is looked at is put together before the first request.
const idle = { desk: { log: { isLevelEnabled: () => false } }, client: {}, consoleFolder: '/nowhere' };

// Pages and their files, which are the same for everybody.
const files = ['/openapi.json', '/docs', '/*'];

test('every route that is served stands in the document, where the matrix and the fuzzer find it', () => {
  const api = openRoutes(idle as unknown as Gateway);

  const served = api.routes
    .filter(({ method, path }) => method !== 'ALL' && !files.includes(path) && !path.startsWith('/docs/'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);

  const document = describeApi(api).paths ?? {};
  const named = Object.entries(document).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(new Set(served)).toEqual(new Set(named));
});
