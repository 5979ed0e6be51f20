import { bodyLimit } from 'hono/body-limit';
import { Problem } from '../problem.ts';
import type { RequestContext } from './api.ts';

const MOST_BYTES = 1_048_576;
// Whoever has not said who it is has little to say.
const MOST_OF_STRANGERS = 16_384;

/** The bytes of a body. Throws Problem('too-large') beyond 1 MiB, whether or not the request tells its length. */
export async function readBytes(c: RequestContext): Promise<Uint8Array> {
  await limitBody(c, MOST_BYTES);
  return new Uint8Array(await c.req.arrayBuffer());
}

/**
 * A JSON body; undefined when there is none. Throws Problem('unsupported-media-type'), Problem('too-large'), which
 * is sooner for who has not said who it is, or Problem('bad-json').
 */
export async function readJson(c: RequestContext, isRequired: boolean): Promise<unknown> {
  if (!/^application\/json *(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
    if (isRequired || hasBody(c))
      throw new Problem('unsupported-media-type', { detail: 'Send application/json.' });
    return undefined;
  }
  await limitBody(c, c.get('actor') === undefined ? MOST_OF_STRANGERS : MOST_BYTES);
  const text = await c.req.text();
  if (text === '' && !isRequired) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem('bad-json');
  }
}

async function limitBody(c: RequestContext, most: number): Promise<void> {
  // A stream of unknown length is counted while it is read; the usual request costs one comparison.
  if (c.req.header('transfer-encoding') !== undefined) await countStream(c, most);
  else if (Number(c.req.header('content-length') ?? 0) > most) throw tooLarge(most);
}

async function countStream(c: RequestContext, maxSize: number): Promise<void> {
  const onError = (): never => {
    throw tooLarge(maxSize);
  };
  await bodyLimit({ maxSize, onError })(c, async () => {});
}

function hasBody(c: RequestContext): boolean {
  return c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
}

function tooLarge(most: number): Problem {
  return new Problem('too-large', { detail: `A body may have ${most / 1024} KiB here.` });
}
