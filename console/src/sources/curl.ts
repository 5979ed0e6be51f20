import type { CreatedSource } from '../../../src/contract/source.ts';

const BODY = '{"external_id":"customer-1","text":"Hello"}';

/** A command line that sends the source its first message; null where only Telegram can do that. */
export function curlOf({ kind, code, webhook }: CreatedSource, origin: string): string | null {
  switch (kind) {
    case 'telegram':
      return null;
    case 'api':
      return [
        `curl '${origin}/api/v1/contacts'`,
        `-H 'authorization: Bearer YOUR_API_TOKEN'`,
        `-H 'content-type: application/json'`,
        `-d '{"external_id":"customer-1","source_code":"${code}","text":"Hello"}'`,
      ].join(' \\\n  ');
    case 'webhook':
      return webhook?.auth === 'standard'
        ? signedCurl(`${origin}/hooks/${code}`, webhook.secret)
        : bearerCurl(`${origin}/hooks/${code}`, webhook?.secret ?? '');
  }
}

function bearerCurl(url: string, secret: string): string {
  return [
    `curl '${url}'`,
    `-H 'authorization: Bearer ${secret}'`,
    `-H 'content-type: application/json'`,
    `-d '${BODY}'`,
  ].join(' \\\n  ');
}

/** https://www.standardwebhooks.com: HMAC-SHA256 of "id.timestamp.body" with the bytes behind `whsec_`. */
function signedCurl(url: string, secret: string): string {
  return [
    `id=msg_1 time=$(date +%s) body='${BODY}'`,
    `key=$(printf %s '${secret.replace(/^whsec_/, '')}' | base64 -d | od -An -v -tx1 | tr -d ' \\n')`,
    `sign=$(printf %s "$id.$time.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)`,
    [
      `curl '${url}'`,
      `-H "webhook-id: $id" -H "webhook-timestamp: $time" -H "webhook-signature: v1,$sign"`,
      `-H 'content-type: application/json' -d "$body"`,
    ].join(' \\\n  '),
  ].join('\n');
}
