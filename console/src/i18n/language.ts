import i18next, { type ResourceLanguage } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readStored, writeStored } from '../state/storage.ts';
import { patiently } from '../ui/patiently.ts';
import type en from './en.ts';

export const languages = ['en', 'ru'] as const;
export type Language = (typeof languages)[number];

/** Each language by its own name, whatever the page speaks. */
export const languageNames: Record<Language, string> = { en: 'English', ru: 'Русский' };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: typeof en;
  }
}

type Words = () => Promise<{ default: ResourceLanguage }>;

const first: Record<Language, Words> = {
  en: () => import('./en/first.ts'),
  ru: () => import('./ru/first.ts'),
};
const later = {
  rooms: { en: () => import('./en/rooms.ts'), ru: () => import('./ru/rooms.ts') },
  settings: { en: () => import('./en/settings.ts'), ru: () => import('./ru/settings.ts') },
  doors: { en: () => import('./en/doors.ts'), ru: () => import('./ru/doors.ts') },
} satisfies Record<string, Record<Language, Words>>;
/** Words that come with the pages that need them. */
export type LaterWords = keyof typeof later;

const brought = new Set<LaterWords>();

function chooseLanguage(): Language {
  const stored = languages.find((language) => language === readStored('language'));
  return stored ?? (navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en');
}

/** Brings the words of the reader's language; nothing can be shown before. */
export async function startLanguage(): Promise<void> {
  const language = chooseLanguage();
  const { default: words } = await patiently(first[language]);
  i18next.on('languageChanged', (next) => document.documentElement.setAttribute('lang', next));
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: words },
    defaultNS: 'shell',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
}

/** Brings more words, in the language that is spoken now and in each that follows. */
export async function bringWords(...wanted: LaterWords[]): Promise<void> {
  for (const one of wanted) brought.add(one);
  await addWords(i18next.language as Language, wanted);
}

async function addWords(language: Language, wanted: Iterable<LaterWords>): Promise<void> {
  const add = async (one: LaterWords) => {
    const { default: words }: { default: ResourceLanguage } = await later[one][language]();
    i18next.addResourceBundle(language, one, words);
  };
  await Promise.all([...wanted].map(add));
}

/** Changes the language once its words are here; rejects, and changes nothing, where they cannot be had. */
export async function setLanguage(language: Language): Promise<void> {
  const { default: words } = await first[language]();
  for (const [namespace, texts] of Object.entries(words))
    i18next.addResourceBundle(language, namespace, texts);
  await addWords(language, brought);
  writeStored('language', language);
  await i18next.changeLanguage(language);
}
