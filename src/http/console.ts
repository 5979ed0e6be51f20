import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Context, MiddlewareHandler } from 'hono';
import { NONCE, secureHeaders } from 'hono/secure-headers';
import { Problem } from '../problem.ts';
import type { Api, Env } from './api.ts';
import { compressOnce } from './compress-once.ts';
import { pageHeaders } from './page-headers.ts';

const policy = secureHeaders({
  ...pageHeaders,
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'", NONCE],
    styleSrc: ["'self'", NONCE],
    // Components place themselves by style attributes; text never becomes one.
    styleSrcAttr: ["'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
});

// What is not a page of the console: a mistyped address there is told in the form its callers read.
const ELSEWHERE = /^\/(?:api|hooks|telegram|assets|docs|socket\.io)(?:\/|$)/;

// A file's name changes with its content.
const keepForever: MiddlewareHandler<Env> = async (c, next) => {
  await next();
  if (c.res.status === 200) c.res.headers.set('cache-control', 'public, max-age=31536000, immutable');
};

/** The built console: its files, and its one page under every address that is nobody else's. Comes last. */
export function addConsole(api: Api, folder: string): void {
  api.use('/assets/*', policy, compressOnce(), keepForever);
  // The library complains about a folder that is not there; the page says it better.
  if (existsSync(folder)) api.get('/assets/*', serveStatic({ root: folder }));
  api.get('*', policy, async (c) => {
    if (!isPage(c)) return c.notFound();
    const html = await readPage(folder);
    const nonce = c.get('secureHeadersNonce') ?? '';
    return c.html(html.replaceAll('__CSP_NONCE__', nonce), 200, { 'cache-control': 'no-cache' });
  });
}

function isPage(c: Context): boolean {
  if (c.req.path === '/') return true;
  return !ELSEWHERE.test(c.req.path) && /\btext\/html\b/.test(c.req.header('accept') ?? '');
}

async function readPage(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, 'index.html'), 'utf8');
  } catch (cause) {
    const detail = 'The console is not built here: npm run build:console builds it.';
    throw new Problem('not-found', { detail }, { cause });
  }
}
