import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A password that may be looked at while it is typed, with the keyboard too. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useTranslation('doors');
  return (
    <PasswordInput
      spellCheck={false}
      visibilityToggleButtonProps={{ 'aria-label': t('password.show'), tabIndex: 0 }}
      {...props}
    />
  );
}
