import { LanguageTag } from '../../../src/contract/text.ts';

/** What a bot says, by the tag of the language in small letters. */
export type Texts = Readonly<Record<string, string>>;

/** Offered from the start; others are added. */
const offered = ['ru', 'en'];

/** The languages that have a field, the offered ones first. */
export function tagsOf(texts: Texts): string[] {
  const others = Object.keys(texts).filter((tag) => !offered.includes(tag));
  return [...offered, ...others.toSorted()];
}

/** What is to be kept: a blank text is none. */
export function keptOf(texts: Texts): Record<string, string> {
  const filled = Object.entries(texts).map(([tag, text]) => [tag, text.trim()] as const);
  return Object.fromEntries(filled.filter(([, text]) => text !== ''));
}

/** The tag that was typed, as texts are kept by; null when it names no language. */
export function readTag(typed: string): string | null {
  const tag = LanguageTag.safeParse(typed.trim());
  return tag.success ? tag.data.toLowerCase() : null;
}

/** A language by its name in another one, as a label begins; one without a name there by its tag. */
export function languageName(tag: string, inLanguage: string): string {
  const name = new Intl.DisplayNames([inLanguage], { type: 'language' }).of(tag) ?? tag;
  return name.slice(0, 1).toLocaleUpperCase(inLanguage) + name.slice(1);
}
