import { z } from 'zod';

/** A moment in UTC, ISO 8601 with milliseconds and `Z`. */
export const Timestamp = z.iso
  .datetime()
  // PostgreSQL knows no year 0.
  .refine((at) => !at.startsWith('0000'), 'must be after the year 0000');

const STORABLE = /^[^\0]*$/;

/** Text that every database can hold: no NUL, no lone surrogate; at most `max` UTF-16 units. */
export function text(max: number) {
  return z
    .string()
    .max(max)
    .regex(STORABLE, 'must not contain NUL')
    .refine((value) => value.isWellFormed(), 'must not contain a lone surrogate');
}

/** Like `text`, but not blank. */
export function filled(max: number) {
  return text(max).refine((value) => value.trim() !== '', 'must not be blank');
}

/** Makes text from a channel storable: NUL is stripped, broken surrogates become U+FFFD. Nothing else changes. */
export function storable(value: string): string {
  return value.replaceAll('\0', '').toWellFormed();
}

export const Name = filled(200);
/** Under this name nobody comes: it stands for leads that were erased. */
export function isOfErased(externalId: string): boolean {
  return externalId.startsWith('erased:');
}
export const ExternalId = filled(190).refine((id) => !isOfErased(id), 'must not begin with erased:');
export const Email = text(254).pipe(z.email());
export const Phone = filled(64);
/** A language as BCP 47 names it, `en` or `pt-BR`; capitals make no difference. */
export const LanguageTag = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$/, 'must be a language tag like en or pt-BR');
/** The language that a channel names; null for what names none. Many systems write `pt_BR`. */
export function languageIn(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const tag = LanguageTag.safeParse(value.trim().replaceAll('_', '-'));
  return tag.success ? tag.data : null;
}
/** What an operator may write: Telegram's limit for one message. */
export const ReplyText = filled(4096);
