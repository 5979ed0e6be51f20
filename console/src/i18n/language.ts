import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readStored, writeStored } from '../state/storage.ts';
import en from './en.ts';
import ru from './ru.ts';

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

function chooseLanguage(): Language {
  const stored = languages.find((language) => language === readStored('language'));
  return stored ?? (navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en');
}

export function startLanguage(): void {
  i18next.on('languageChanged', (language) => document.documentElement.setAttribute('lang', language));
  void i18next.use(initReactI18next).init({
    lng: chooseLanguage(),
    fallbackLng: false,
    resources: { en, ru },
    defaultNS: 'shell',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    // The words are in the bundle: the first render must already have them.
    initAsync: false,
  });
}

export function setLanguage(language: Language): void {
  writeStored('language', language);
  void i18next.changeLanguage(language);
}
