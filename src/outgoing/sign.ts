import { Webhook } from 'standardwebhooks';

/** Signs and verifies with a secret: `whsec_` and base64 as Standard Webhooks write it, else its very bytes. */
export function webhookOf(secret: string): Webhook {
  return secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
}
