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
const rooms: Record<Language, Words> = {
  en: () => import('./en/rooms.ts'),
  ru: () => import('./ru/rooms.ts'),
};

let hasRooms = false;

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

/** Brings the words of the admins' rooms, in the language that is spoken now and in each that follows. */
export async function bringRoomWords(): Promise<void> {
  hasRooms = true;
  await addRooms(i18next.language as Language);
}

async function addRooms(language: Language): Promise<void> {
  const { default: words } = await rooms[language]();
  i18next.addResourceBundle(language, 'rooms', words);
}

/** Changes the language once its words are here; rejects, and changes nothing, where they cannot be had. */
export async function setLanguage(language: Language): Promise<void> {
  const { default: words } = await first[language]();
  for (const [namespace, texts] of Object.entries(words))
    i18next.addResourceBundle(language, namespace, texts);
  if (hasRooms) await addRooms(language);
  writeStored('language', language);
  await i18next.changeLanguage(language);
}
