import { randomBytes } from 'node:crypto';
import type { SourceId } from '../contract/ids.ts';
import type { Source } from '../store/entities/source.ts';
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
