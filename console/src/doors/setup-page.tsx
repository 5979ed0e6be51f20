import { Button, Loader, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { leaveDoor } from '../api/door.ts';
import { getSetup, setUp } from '../api/door-calls.ts';
import { whoAmI } from '../api/calls.ts';
import { signInBy } from '../api/identify.ts';
import { Refusal } from '../api/request.ts';
import { byCookie } from '../api/session.ts';
import { fieldFaults, wordsOf } from '../shell/words.ts';
import { FaultLine } from '../sources/fault-line.tsx';
import { useFocusOnFault } from '../sources/use-focus-on-fault.ts';
import { Closed } from './closed.tsx';
import { DoorForm } from './door-form.tsx';
import { NewPasswordField } from './new-password-field.tsx';

/** Makes the first admin with the code that the gateway has printed, and signs it in. */
export function SetupPage({ code }: { code: string | null }) {
  const { t } = useTranslation(['doors', 'shell']);
  const state = useQuery({ queryKey: ['setup'], queryFn: getSetup, retry: false, staleTime: 0, gcTime: 0 });
  const [isClosed, setClosed] = useState(false);
  if (state.isPending) return <Loader aria-label={t('shell:loading')} />;
  if (isClosed || state.data?.open === false)
    return <Closed title={t('setup.closedTitle')} text={t('setup.closedText')} />;
  return <SetupForm code={code} onClosed={() => setClosed(true)} />;
}

type Draft = { code: string; name: string; email: string; password: string };

function SetupForm({ code, onClosed }: { code: string | null; onClosed: () => void }) {
  const { t } = useTranslation('doors');
  const [draft, setDraft] = useState<Draft>({ code: code ?? '', name: '', email: '', password: '' });
  const making = useMutation({
    mutationFn: () => signInBy(make(draft)),
    onSuccess: () => leaveDoor('/first-run'),
    onError: (error) => error instanceof Refusal && error.code === 'setup-closed' && onClosed(),
  });
  const form = useFocusOnFault(making.error);
  const faults = faultsIn(making.error);
  const words = (field: 'code' | 'name' | 'email') =>
    faults[field] === undefined ? undefined : t(`faults.${field}`);
  const change = (part: Partial<Draft>) => setDraft((held) => ({ ...held, ...part }));

  return (
    <DoorForm
      formRef={form}
      title={t('setup.title')}
      hint={t('setup.hint')}
      onSubmit={() => making.isPending || making.mutate()}
    >
      <TextInput
        label={t('setup.code')}
        name="code"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        value={draft.code}
        onChange={(event) => change({ code: event.currentTarget.value })}
        error={words('code')}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the form is all that this page is for
        autoFocus={code === null}
      />
      <TextInput
        label={t('setup.name')}
        name="name"
        autoComplete="name"
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={words('name')}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- see above
        autoFocus={code !== null}
      />
      <TextInput
        label={t('setup.email')}
        type="email"
        name="username"
        autoComplete="username"
        value={draft.email}
        onChange={(event) => change({ email: event.currentTarget.value })}
        error={words('email')}
      />
      <NewPasswordField
        value={draft.password}
        onChange={(event) => change({ password: event.currentTarget.value })}
        told={faults['password']}
      />
      <FaultLine text={faults['form']} />
      <Button type="submit" loading={making.isPending}>
        {t('setup.submit')}
      </Button>
      <Button variant="subtle" onClick={() => leaveDoor()}>
        {t('signIn.byToken')}
      </Button>
    </DoorForm>
  );
}

async function make({ code, name, email, password }: Draft) {
  await setUp({ code: code.trim(), name: name.trim(), email: email.trim(), password });
  return whoAmI(byCookie());
}

const FIELDS = ['code', 'name', 'email', 'password'];
const fieldOfCode: Partial<Record<string, string>> = { 'bad-code': 'code', 'email-taken': 'email' };

/** What was said of each field; under `form`, in words, what none of them can tell. */
function faultsIn(error: Error | null): Partial<Record<string, string>> {
  if (error === null) return {};
  const field = error instanceof Refusal ? fieldOfCode[error.code] : undefined;
  if (field !== undefined) return { [field]: wordsOf(error) };
  const told = Object.entries(fieldFaults(error)).filter(([name]) => FIELDS.includes(name));
  return told.length > 0 ? Object.fromEntries(told) : { form: wordsOf(error) };
}
