import { Button, Loader, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Invited } from '../../../src/contract/access.ts';
import { leaveDoor } from '../api/door.ts';
import { acceptInvite, lookAtInvite } from '../api/door-calls.ts';
import { signInBy } from '../api/identify.ts';
import { Refusal } from '../api/request.ts';
import { fieldFaults, wordsOf } from '../shell/words.ts';
import { FaultLine } from '../sources/fault-line.tsx';
import { useFocusOnFault } from '../sources/use-focus-on-fault.ts';
import { Failure } from '../ui/failure.tsx';
import { Closed } from './closed.tsx';
import { DoorForm } from './door-form.tsx';
import { NewPasswordField } from './new-password-field.tsx';

/** Lets whoever was invited set a password; a link that is spent says what to do. */
export function InvitePage({ code }: { code: string | null }) {
  const { t } = useTranslation('doors');
  if (code === null) return <Closed title={t('invite.noCodeTitle')} text={t('invite.noCodeText')} />;
  return <Invitation code={code} />;
}

function Invitation({ code }: { code: string }) {
  const { t } = useTranslation(['doors', 'shell']);
  const [isSpent, setSpent] = useState(false);
  const looked = useQuery({
    queryKey: ['invite', code],
    queryFn: () => lookAtInvite(code),
    staleTime: Infinity,
    gcTime: 0,
  });
  if (isSpent || isSpentCode(looked.error))
    return <Closed title={t('invite.spentTitle')} text={t('invite.spentText')} />;
  if (looked.data !== undefined)
    return <PasswordForm code={code} invited={looked.data} onSpent={() => setSpent(true)} />;
  if (looked.error === null) return <Loader aria-label={t('shell:loading')} />;
  return (
    <Failure
      title={t('invite.failed')}
      text={wordsOf(looked.error)}
      retryLabel={t('shell:retry')}
      onRetry={() => void looked.refetch()}
    />
  );
}

type FormProps = { code: string; invited: Invited; onSpent: () => void };

function PasswordForm({ code, invited, onSpent }: FormProps) {
  const { t } = useTranslation('doors');
  const [password, setPassword] = useState('');
  const setting = useMutation({
    mutationFn: () => signInBy(acceptInvite({ code, password })),
    onSuccess: () => leaveDoor(),
    onError: (error) => isSpentCode(error) && onSpent(),
  });
  const form = useFocusOnFault(setting.error);
  const told = fieldFaults(setting.error)['password'];
  const words = setting.error === null || told !== undefined ? undefined : wordsOf(setting.error);

  return (
    <DoorForm
      formRef={form}
      title={t('invite.title')}
      hint={t('invite.for', invited)}
      onSubmit={() => setting.isPending || setting.mutate()}
    >
      {/* So that the browser keeps the password under the right name. */}
      <TextInput
        label={t('invite.email')}
        name="username"
        autoComplete="username"
        value={invited.email}
        readOnly
      />
      <NewPasswordField
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        told={told}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the field is all that this page is for
        autoFocus
      />
      <FaultLine text={words} />
      <Button type="submit" loading={setting.isPending}>
        {t('invite.submit')}
      </Button>
    </DoorForm>
  );
}

function isSpentCode(error: Error | null): boolean {
  return error instanceof Refusal && error.code === 'bad-code';
}
