import { SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { languageNames, languages, setLanguage, type Language } from '../i18n/language.ts';
import { tellFailure } from './toasts.ts';

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl<Language>
      fullWidth
      size="xs"
      aria-label={t('me.language')}
      value={i18n.language as Language}
      onChange={(language) => void setLanguage(language).catch(tellFailure)}
      data={languages.map((language) => ({ value: language, label: languageNames[language] }))}
    />
  );
}

export function ThemeSwitch() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl<MantineColorScheme>
      fullWidth
      size="xs"
      aria-label={t('me.theme')}
      value={colorScheme}
      onChange={setColorScheme}
      data={[
        { value: 'light', label: t('me.light') },
        { value: 'dark', label: t('me.dark') },
        { value: 'auto', label: t('me.system') },
      ]}
    />
  );
}
