import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

/** Encrypts secrets at rest, each bound to the row it stands in. */
export type Seal = {
  /** Names the key, and tells nothing of it. */
  readonly keyId: string;
  /** `place` names the row and column, as `source:7:secret`: what is sealed for one place opens in no other. */
  close(place: string, secret: string): string;
  /** Throws when the text was sealed with another key, for another place, or was changed. */
  open(place: string, sealed: string): string;
  /** The same for the same secret and key: tells two secrets apart without keeping them. */
  fingerprint(secret: string): string;
};

// Without it Node takes a tag of any length: one that was cut short is easier to forge.
const TAG = { authTagLength: 16 };

/** AES-256-GCM with the place as associated data (NIST SP 800-38D). `key` is 32 bytes. */
export function openSeal(key: Buffer): Seal {
  if (key.length !== 32) throw new Error('the secret key must be 32 bytes');
  const keyId = keyIdOf(key);
  return {
    keyId,
    close(place, secret) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, TAG).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return `v1.${keyId}.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(place, sealed) {
      const [version, id, text] = sealed.split('.');
      if (version !== 'v1' || id !== keyId || text === undefined)
        throw new Error(`${place} is sealed with another key than SECRET_KEY`);
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), TAG);
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
    },
    fingerprint: (secret) => createHmac('sha256', key).update(secret).digest('hex'),
  };
}

/** The name of a key: the same for the same key. */
export function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

/** The name of the key that something was sealed with. */
export function keyIdIn(sealed: string): string {
  return sealed.split('.')[1] ?? '';
}
