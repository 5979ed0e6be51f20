import type { PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PasswordField } from './password-field.tsx';
import { passwordFault } from './password-fault.ts';

/** `told`: what the gateway says of it. */
type Props = Omit<PasswordInputProps, 'error'> & { told: string | undefined };

/** A password that somebody chooses, with its rule and what is wrong with it. */
export function NewPasswordField({ told, ...props }: Props) {
  const { t } = useTranslation('doors');
  const fault = told === undefined ? undefined : t(`password.${passwordFault(told)}`);
  return (
    <PasswordField
      label={t('password.label')}
      description={t('password.rule')}
      name="new-password"
      autoComplete="new-password"
      error={fault}
      {...props}
    />
  );
}
