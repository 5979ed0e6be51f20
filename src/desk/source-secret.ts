import { randomBytes } from 'node:crypto';
import type { SourceId } from '../contract/ids.ts';
import type { Source } from '../store/entities/source.ts';
import type { Seal } from '../store/seal.ts';
import type { Desk } from './desk.ts';

/** What Telegram says about a bot (`getMe`). */
export type BotInfo = { id: number; username: string } & Record<string, unknown>;

/** A new secret in the form of Standard Webhooks; the same string serves as the bearer secret. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(24).toString('base64')}`;
}

/** Puts a bot token or a webhook secret into its row, sealed; the row must have its id. */
export function sealSecret(desk: Desk, source: Source, secret: string): void {
  source.sealedSecret = desk.seal.close(placeOf(source.id), secret);
  source.secretHint = secret.slice(-4);
}

/** The secret of a source, or null when it has none. Throws when it was sealed with another key. */
export function openSecret(desk: Desk, source: Source): string | null {
  return source.sealedSecret ? desk.seal.open(placeOf(source.id), source.sealedSecret) : null;
}

/** A secret of a webhook and when it ends, null: with the next rotation. */
export type WebhookSecret = { secret: string; until: Date | null };

/** The secrets of a webhook, the newest first; one that ends may have ended. Throws like `openSecret`. */
export function openWebhookSecrets(desk: Desk, source: Source): WebhookSecret[] {
  const secret = openSecret(desk, source);
  const { previousSealedSecret: before, previousSecretUntil: until } = source;
  return [
    ...(secret === null ? [] : [{ secret, until: null }]),
    ...(before && until ? [{ secret: desk.seal.open(placeBefore(source.id), before), until }] : []),
  ];
}

/** Seals all that a source keeps anew, for another key. Throws when it was sealed with another one than the desk's. */
export function resealSecrets(desk: Desk, source: Source, next: Seal): void {
  const { id, sealedSecret, previousSealedSecret } = source;
  const again = (place: string, sealed: string) => next.close(place, desk.seal.open(place, sealed));
  if (source.tokenFingerprint && sealedSecret)
    source.tokenFingerprint = next.fingerprint(desk.seal.open(placeOf(id), sealedSecret));
  if (sealedSecret) source.sealedSecret = again(placeOf(id), sealedSecret);
  if (previousSealedSecret) source.previousSealedSecret = again(placeBefore(id), previousSealedSecret);
}

/** Those that count at this moment, the newest first. */
export function secretsAt(secrets: readonly WebhookSecret[], now: Date): string[] {
  return secrets.filter(({ until }) => until === null || now < until).map(({ secret }) => secret);
}

/** Makes the present secret of a webhook the one before, which counts until then; null: it is gone at once. */
export function putSecretBefore(desk: Desk, source: Source, until: Date | null): void {
  const present = until === null ? null : presentSecret(desk, source);
  source.previousSealedSecret = present === null ? null : desk.seal.close(placeBefore(source.id), present);
  source.previousSecretUntil = present === null ? null : until;
}

/** The secret of a source; null also where the key to it was lost: a new one is how such a source is mended. */
export function presentSecret(desk: Desk, source: Source): string | null {
  try {
    return openSecret(desk, source);
  } catch {
    return null;
  }
}

/**
 * What Telegram sends along in webhook mode. It follows from the bot token, so nothing more is to be kept; the prefix
 * keeps it apart from the token's own fingerprint, which stands in the database.
 */
export function telegramWebhookSecret(desk: Desk, token: string): string {
  return desk.seal.fingerprint(`telegram-webhook:${token}`);
}

function placeOf(id: SourceId): string {
  return `source:${id}:secret`;
}

function placeBefore(id: SourceId): string {
  return `source:${id}:secret-before`;
}
