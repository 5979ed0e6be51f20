import { useTranslation } from 'react-i18next';
import type { Advice } from '../../../src/contract/source.ts';

/** What can be done about a source, in the reader's language where we have the words, else in the gateway's. */
export function useAdvice(advice: Advice | null): string | null {
  const { t, i18n } = useTranslation('rooms');
  if (advice === null) return null;
  const key = `sources.advices.${advice.code}` as const;
  return i18n.exists(`rooms:${key}`) ? t(key) : advice.text;
}
