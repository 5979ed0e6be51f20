import { bodyLimit } from 'hono/body-limit';
import { Problem } from '../problem.ts';
import type { RequestContext } from './api.ts';

const MOST_BYTES = 1_048_576;

const countStream = bodyLimit({
  maxSize: MOST_BYTES,
  onError: () => {
    throw tooLarge();
  },
});

/** The bytes of a body. Throws Problem('too-large') beyond 1 MiB, whether or not the request tells its length. */
export async function readBytes(c: RequestContext): Promise<Uint8Array> {
  await limitBody(c);
  return new Uint8Array(await c.req.arrayBuffer());
}

/**
 * A JSON body; undefined when there is none. Throws Problem('unsupported-media-type'), Problem('too-large') or
 * Problem('bad-json').
 */
export async function readJson(c: RequestContext, isRequired: boolean): Promise<unknown> {
  if (!/^application\/json *(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
    if (isRequired || hasBody(c))
      throw new Problem('unsupported-media-type', { detail: 'Send application/json.' });
    return undefined;
  }
  await limitBody(c);
  const text = await c.req.text();
  if (text === '' && !isRequired) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem('bad-json');
  }
}

async function limitBody(c: RequestContext): Promise<void> {
  // A stream of unknown length is counted while it is read; the usual request costs one comparison.
  if (c.req.header('transfer-encoding') !== undefined) await countStream(c, async () => {});
  else if (Number(c.req.header('content-length') ?? 0) > MOST_BYTES) throw tooLarge();
}

function hasBody(c: RequestContext): boolean {
  return c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
}

function tooLarge(): Problem {
  return new Problem('too-large', { detail: 'A body may have 1 MiB.' });
}
