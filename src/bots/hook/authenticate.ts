import { createHash, timingSafeEqual } from 'node:crypto';
import { WebhookVerificationError } from 'standardwebhooks';
import type { WebhookAuth } from '../../contract/source.ts';
import { webhookOf } from '../../outgoing/sign.ts';
import { Problem } from '../../problem.ts';

/** Raises `Problem` `unauthorized` unless the request holds the source's secret, or is signed with it. */
export function authenticateHook(
  webhook: { auth: WebhookAuth; secret: string },
  headers: Headers,
  rawBody: Uint8Array,
): void {
  switch (webhook.auth) {
    case 'bearer': {
      const [, secret] = /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '') ?? [];
      if (secret === undefined || !isSame(secret, webhook.secret)) throw new Problem('unauthorized');
      return;
    }
    case 'standard':
      try {
        webhookOf(webhook.secret).verify(Buffer.from(rawBody), Object.fromEntries(headers), {
          jsonParse: false,
        });
      } catch (error) {
        if (!(error instanceof WebhookVerificationError)) throw error;
        throw new Problem('unauthorized', { detail: error.message }, { cause: error });
      }
  }
}

// Digests have one length: the comparison tells neither the secret nor how long it is.
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
