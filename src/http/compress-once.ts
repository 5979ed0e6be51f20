import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';
import type { Env } from './api.ts';

type Packed = { body: Uint8Array<ArrayBuffer>; headers: [string, string][] };

const pack = promisify(gzip);
const SMALLEST = 1024;

/** Compresses files that never change, each once: what strangers may ask for costs its size and no more. */
export function compressOnce(): MiddlewareHandler<Env> {
  const packed = new Map<string, Promise<Packed | null>>();
  return async (c, next) => {
    const isWanted = c.req.method === 'GET' && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
    if (!isWanted) return next();
    const { path } = c.req;
    if (!packed.has(path)) {
      await next();
      // An address that leads nowhere is not remembered: there is no end to them.
      if (c.res.status !== 200) return undefined;
      packed.set(path, packedOf(c.res.clone()));
    }
    const found = await packed.get(path)!;
    if (found === null) return c.finalized ? undefined : next();
    c.res = undefined;
    c.res = new Response(found.body, { headers: found.headers });
    return undefined;
  };
}

async function packedOf(answer: Response): Promise<Packed | null> {
  const plain = Buffer.from(await answer.arrayBuffer());
  const isText = /^(?:text\/|application\/(?:javascript|json)|image\/svg)/.test(
    answer.headers.get('content-type') ?? '',
  );
  if (!isText || plain.length < SMALLEST) return null;
  const kept = [...answer.headers].filter(([name]) => name !== 'content-length');
  return {
    body: Uint8Array.from(await pack(plain)),
    headers: [...kept, ['content-encoding', 'gzip'], ['vary', 'accept-encoding']],
  };
}
