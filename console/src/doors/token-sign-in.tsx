import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whoAmI } from '../api/calls.ts';
import { Refusal } from '../api/request.ts';
import { byToken, sessionStore, useSession } from '../api/session.ts';
import { wordsOf } from '../shell/words.ts';
import { DoorForm } from './door-form.tsx';
import type { WayProps } from './sign-in.tsx';

/** Signs in with an API token. */
export function TokenSignIn({ children, ...form }: WayProps) {
  const { t } = useTranslation('doors');
  const [token, setToken] = useState('');
  const session = useSession();
  const wasRefused = session.kind === 'signed-out' && session.wasRefused;
  const [fault, setFault] = useState<string | null>(wasRefused ? t('signIn.refused') : null);
  const [isChecking, setChecking] = useState(false);

  async function submit() {
    const given = token.trim();
    if (given === '' || isChecking) return;
    const credential = byToken(given);
    setChecking(true);
    try {
      const identity = await whoAmI(credential);
      sessionStore.dispatch({ type: 'signed-in', credential, identity });
    } catch (error) {
      const code = error instanceof Refusal ? error.code : null;
      if (code === 'unauthorized') setFault(t('signIn.refused'));
      else setFault(code === 'forbidden' ? t('signIn.ingest') : wordsOf(error));
    } finally {
      setChecking(false);
    }
  }

  return (
    <DoorForm {...form} onSubmit={() => void submit()}>
      <PasswordInput
        label={t('signIn.token')}
        value={token}
        onChange={(event) => {
          setToken(event.currentTarget.value);
          setFault(null);
        }}
        error={fault}
        autoComplete="off"
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the field is all that this page is for
        autoFocus
        visibilityToggleButtonProps={{ 'aria-hidden': true }}
      />
      <Button type="submit" loading={isChecking} disabled={token.trim() === ''}>
        {t('signIn.submit')}
      </Button>
      {children}
    </DoorForm>
  );
}
