import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signature of Standard Webhooks speaks of; `timestamp` in seconds, as its header has it. */
export type Signed = { id: string; timestamp: string; body: Uint8Array };

const TOLERANCE_SECONDS = 300;

/** The header `webhook-signature`: a signature by each of the secrets, as Standard Webhooks rotate them. */
export function signatureOf(secrets: readonly string[], signed: Signed): string {
  return secrets.map((secret) => `v1,${macOf(secret, signed).toString('base64')}`).join(' ');
}

/**
 * Why these headers do not count at this moment as a signature of the body, in its very bytes, by one of the secrets;
 * null when they do. All are tried, whichever fits: the time it takes does not tell.
 */
export function signatureFault(
  secrets: readonly string[],
  headers: Headers,
  body: Uint8Array,
  now: Date,
): string | null {
  const id = headers.get('webhook-id');
  const timestamp = headers.get('webhook-timestamp');
  const signatures = headers.get('webhook-signature');
  if (!id || !timestamp || !signatures) return 'webhook-id, -timestamp and -signature are needed';
  if (!/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is not in seconds';
  const age = Math.floor(now.getTime() / 1000) - Number(timestamp);
  if (Math.abs(age) > TOLERANCE_SECONDS) return `webhook-timestamp is too ${age > 0 ? 'old' : 'early'}`;
  const shown = signatures
    .split(' ')
    .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice('v1,'.length), 'base64')] : []));
  const fits = secrets.flatMap((secret) => {
    const mac = macOf(secret, { id, timestamp, body });
    return shown.map((one) => one.length === mac.length && timingSafeEqual(one, mac));
  });
  return fits.includes(true) ? null : 'no signature fits';
}

/** Standard Webhooks 1.0, "Signature scheme": HMAC-SHA256 over id, timestamp and body, with dots between them. */
function macOf(secret: string, { id, timestamp, body }: Signed): Buffer {
  return createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}

/** `whsec_` and base64 as Standard Webhooks write it, else its very bytes. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret);
}
