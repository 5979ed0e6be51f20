import { LanguageTag } from '../../../src/contract/text.ts';

/** Greetings by the tag of their language, in small letters. */
export type Greetings = Readonly<Record<string, string>>;

/** Offered from the start; others are added. */
const offered = ['ru', 'en'];

/** The languages that have a field, the offered ones first. */
export function tagsOf(greetings: Greetings): string[] {
  const others = Object.keys(greetings).filter((tag) => !offered.includes(tag));
  return [...offered, ...others.toSorted()];
}

/** What is to be kept: a blank text greets nobody. */
export function greetingsOf(greetings: Greetings): Record<string, string> {
  const filled = Object.entries(greetings).map(([tag, text]) => [tag, text.trim()] as const);
  return Object.fromEntries(filled.filter(([, text]) => text !== ''));
}

/** The tag that was typed, as greetings are kept by; null when it names no language. */
export function readTag(typed: string): string | null {
  const tag = LanguageTag.safeParse(typed.trim());
  return tag.success ? tag.data.toLowerCase() : null;
}

/** A language by its name in another one, as a label begins; one without a name there by its tag. */
export function languageName(tag: string, inLanguage: string): string {
  const name = new Intl.DisplayNames([inLanguage], { type: 'language' }).of(tag) ?? tag;
  return name.slice(0, 1).toLocaleUpperCase(inLanguage) + name.slice(1);
}
