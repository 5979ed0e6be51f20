import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whoAmI } from '../api/calls.ts';
import { signInWithPassword } from '../api/door-calls.ts';
import { signInBy } from '../api/identify.ts';
import { Refusal } from '../api/request.ts';
import { byCookie, useSession } from '../api/session.ts';
import { wordsOf } from '../shell/words.ts';
import { FaultLine } from '../sources/fault-line.tsx';
import { DoorForm } from './door-form.tsx';
import { PasswordField } from './password-field.tsx';
import type { WayProps } from './sign-in.tsx';

/** Signs in with e-mail and password; who did so before finds the e-mail there. */
export function PasswordSignIn({ children, ...form }: WayProps) {
  const { t } = useTranslation('doors');
  const session = useSession();
  const known = session.kind === 'expired' ? (session.identity.operator?.email ?? '') : '';
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const entering = useMutation({
    mutationFn: () => signInBy(enter(email.trim(), password)),
    onError: () => field.current?.select(),
  });
  const isBlank = email.trim() === '' || password === '';

  return (
    <DoorForm {...form} onSubmit={() => isBlank || entering.isPending || entering.mutate()}>
      <TextInput
        label={t('signIn.email')}
        type="email"
        name="username"
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- these fields are all that this page is for
        autoFocus={known === ''}
      />
      <PasswordField
        ref={field}
        label={t('signIn.password')}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- see above
        autoFocus={known !== ''}
        data-autofocus={known !== '' || undefined}
      />
      <FaultLine text={entering.isError ? faultIn(entering.error, t('signIn.notKept')) : undefined} />
      <Button type="submit" loading={entering.isPending} disabled={isBlank}>
        {t('signIn.submit')}
      </Button>
      {children}
    </DoorForm>
  );
}

/** Signs in, and asks by the cookie who that is: a browser may have refused to keep it. */
async function enter(email: string, password: string) {
  await signInWithPassword({ email, password });
  return whoAmI(byCookie());
}

function faultIn(error: Error, notKept: string): string {
  return error instanceof Refusal && error.code === 'unauthorized' ? notKept : wordsOf(error);
}
