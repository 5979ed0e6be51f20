import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { signInBy } from '../api/identify.ts';
import { changePassword } from '../api/settings-calls.ts';
import { NewPasswordField } from '../doors/new-password-field.tsx';
import { PasswordField } from '../doors/password-field.tsx';
import { fieldFaults, wordsOf } from '../shell/words.ts';
import { tell } from '../shell/toasts.ts';
import { FaultLine } from '../sources/fault-line.tsx';
import { useFocusOnFault } from '../sources/use-focus-on-fault.ts';
import classes from './settings.module.css';

const empty = { current: '', next: '' };

/** Sets another password; all other sessions end with the old one. */
export function PasswordForm({ email }: { email: string | null }) {
  const { t } = useTranslation('settings');
  const [draft, setDraft] = useState(empty);
  const changing = useMutation({
    mutationFn: () => signInBy(changePassword({ current_password: draft.current, new_password: draft.next })),
    onSuccess: () => {
      setDraft(empty);
      tell(t('password.changed'));
    },
  });
  const form = useFocusOnFault(changing.error);
  const faults = fieldFaults(changing.error);
  const isAtField = 'current_password' in faults || 'new_password' in faults;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!changing.isPending) changing.mutate();
  }

  return (
    <form
      ref={form}
      className={`${classes.form} ${classes.narrow}`}
      method="post"
      onSubmit={submit}
      noValidate
    >
      {/* So that the browser keeps the password under the right name. */}
      <input type="text" name="username" autoComplete="username" value={email ?? ''} readOnly hidden />
      <PasswordField
        label={t('password.current')}
        name="current-password"
        autoComplete="current-password"
        value={draft.current}
        onChange={(event) => setDraft({ ...draft, current: event.currentTarget.value })}
        error={faults['current_password'] === undefined ? undefined : t('password.wrong')}
      />
      <NewPasswordField
        label={t('password.next')}
        value={draft.next}
        onChange={(event) => setDraft({ ...draft, next: event.currentTarget.value })}
        told={faults['new_password']}
      />
      <p className={classes.soft}>{t('password.hint')}</p>
      <FaultLine text={changing.isError && !isAtField ? wordsOf(changing.error) : undefined} />
      <div>
        <Button
          type="submit"
          loading={changing.isPending}
          disabled={draft.current === '' || draft.next === ''}
        >
          {t('password.submit')}
        </Button>
      </div>
    </form>
  );
}
