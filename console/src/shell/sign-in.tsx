import { Button, PasswordInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { whoAmI } from '../api/calls.ts';
import { Refusal } from '../api/request.ts';
import { sessionStore, useSession } from '../api/session.ts';
import { Brand } from './brand.tsx';
import classes from './gate.module.css';
import { LanguageSwitch } from './preferences.tsx';
import { signOut } from './sign-out.ts';
import { wordsOf } from './words.ts';

type Props = { title: string; hint: string; canLeave?: boolean };

export function SignIn({ title, hint, canLeave = false }: Props) {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const session = useSession();
  const wasRefused = session.kind === 'signed-out' && session.wasRefused;
  const [fault, setFault] = useState<string | null>(wasRefused ? t('signIn.refused') : null);
  const [isChecking, setChecking] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const given = token.trim();
    if (given === '' || isChecking) return;
    setChecking(true);
    try {
      sessionStore.dispatch({ type: 'proven', token: given, identity: await whoAmI(given) });
    } catch (error) {
      const code = error instanceof Refusal ? error.code : null;
      if (code === 'unauthorized') setFault(t('signIn.refused'));
      else setFault(code === 'forbidden' ? t('signIn.ingest') : wordsOf(error));
    } finally {
      setChecking(false);
    }
  }

  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)} aria-label={title}>
      {!canLeave && <Brand />}
      <div>
        <Title order={1} size="h3">
          {title}
        </Title>
        <p className={classes.hint}>{hint}</p>
      </div>
      <PasswordInput
        label={t('signIn.token')}
        value={token}
        onChange={(event) => {
          setToken(event.currentTarget.value);
          setFault(null);
        }}
        error={fault}
        autoComplete="current-password"
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the field is all that this page is for
        autoFocus
        visibilityToggleButtonProps={{ 'aria-hidden': true }}
      />
      <Button type="submit" loading={isChecking} disabled={token.trim() === ''}>
        {t('signIn.submit')}
      </Button>
      {canLeave ? (
        <Button variant="subtle" color="gray" onClick={signOut}>
          {t('signIn.asAnother')}
        </Button>
      ) : (
        <LanguageSwitch />
      )}
    </form>
  );
}
