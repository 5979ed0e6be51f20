import type { WebhookAuth } from '../../contract/source.ts';
import { isSameSecret } from '../../desk/same-secret.ts';
import { signatureFault } from '../../outgoing/sign.ts';
import { Problem } from '../../problem.ts';

/**
 * Raises `Problem` `unauthorized` unless the request holds one of the source's secrets, or is signed with one. All of
 * them are tried, whichever fits: the time it takes does not tell.
 */
export function authenticateHook(
  { auth, secrets }: { auth: WebhookAuth; secrets: readonly string[] },
  headers: Headers,
  rawBody: Uint8Array,
  now: Date,
): void {
  switch (auth) {
    case 'bearer': {
      const [, shown] = /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '') ?? [];
      const fits = secrets.map((secret) => shown !== undefined && isSameSecret(shown, secret));
      if (!fits.includes(true)) throw new Problem('unauthorized');
      return;
    }
    case 'standard': {
      const detail = signatureFault(secrets, headers, rawBody, now);
      if (detail !== null) throw new Problem('unauthorized', { detail });
    }
  }
}
