import { AddressRefused, guardedAgent } from './agent.ts';
import { exchange } from './exchange.ts';
import { signatureOf } from './sign.ts';

export type SignedPost = {
  url: string;
  /** `webhook-id`: the same at every try, so that the receiver can drop what it has. */
  id: string;
  /** JSON, as it shall be read and as it is signed. */
  body: string;
  /** Signed with each: a receiver that knows one of them can verify it. */
  secrets: readonly string[];
  /** CIDRs of private addresses that may be reached (CALLBACK_ALLOW). */
  allow: readonly string[];
  timeoutMs?: number;
  maxAnswerBytes?: number;
  signal?: AbortSignal;
};

export type PostResult =
  | { kind: 'delivered'; status: number }
  /** Nothing was sent: the address is not allowed, not known, or nobody listens there. */
  | { kind: 'refused'; error: string }
  /** The receiver took the request and does not want it (any status but 2xx, redirects too). */
  | { kind: 'answered'; status: number; retryAfterMs: number | null }
  /** It may have arrived. */
  | { kind: 'unknown'; error: string };

/** Posts JSON to a foreign address once, signed by Standard Webhooks; follows no redirect, never rejects. */
export async function postSigned(post: SignedPost): Promise<PostResult> {
  const url = new URL(post.url);
  const at = new Date();
  const body = Buffer.from(post.body);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const headers = {
    'content-type': 'application/json',
    'content-length': String(body.length),
    'user-agent': 'Leadgate',
    'webhook-id': post.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf(post.secrets, { id: post.id, timestamp, body }),
  };
  try {
    const result = await exchange({
      url,
      method: 'POST',
      headers,
      body,
      agent: guardedAgent(url, post.allow),
      timeoutMs: post.timeoutMs ?? 15_000,
      maxBytes: post.maxAnswerBytes ?? 64 * 1024,
      signal: post.signal,
    });
    if (result.kind !== 'answered') return result;
    const { status } = result;
    if (status >= 200 && status < 300) return { kind: 'delivered', status };
    return { kind: 'answered', status, retryAfterMs: waitOf(result.headers['retry-after'], at) };
  } catch (error) {
    if (error instanceof AddressRefused) return { kind: 'refused', error: error.code };
    throw error;
  }
}

/** `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3). */
function waitOf(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
