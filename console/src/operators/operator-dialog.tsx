import { Button, Group, Modal, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Role } from '../../../src/contract/access.ts';
import type { Operator } from '../../../src/contract/operator.ts';
import { createOperator } from '../api/admin-calls.ts';
import { updateOperator } from '../api/calls.ts';
import { tell } from '../shell/toasts.ts';
import { FaultLine } from '../sources/fault-line.tsx';
import { faultsOf } from '../sources/faults.ts';
import { useFocusOnFault } from '../sources/use-focus-on-fault.ts';
import { bodyOf, draftOf, type OperatorDraft } from './operator-draft.ts';
import classes from './operators.module.css';
import { keepOperator } from './use-operators.ts';

const FIELDS = ['name', 'email', 'max_load'];
const MOST = 10_000;

/** Adds an operator, or changes the one that is given. */
export function OperatorDialog({ operator, onLeave }: { operator: Operator | null; onLeave: () => void }) {
  const { t } = useTranslation(['rooms', 'shell']);
  return (
    <Modal
      opened
      onClose={onLeave}
      title={operator === null ? t('operators.add') : t('operators.edit', { name: operator.name })}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      <OperatorForm operator={operator} onLeave={onLeave} />
    </Modal>
  );
}

function useSaving(operator: Operator | null, onSaved: () => void) {
  const { t } = useTranslation('rooms');
  return useMutation({
    mutationFn: (draft: OperatorDraft) =>
      operator === null ? createOperator(bodyOf(draft)) : updateOperator(operator.id, bodyOf(draft)),
    onSuccess: (next) => {
      keepOperator(next);
      tell(operator === null ? t('operators.created', { name: next.name }) : t('operators.saved'));
      onSaved();
    },
  });
}

function OperatorForm({ operator, onLeave }: { operator: Operator | null; onLeave: () => void }) {
  const { t } = useTranslation(['rooms', 'shell']);
  const [draft, setDraft] = useState(() => draftOf(operator));
  const saving = useSaving(operator, onLeave);
  const form = useFocusOnFault(saving.error);
  const faults = faultsOf(saving.error, FIELDS);
  const change = (part: Partial<OperatorDraft>) => setDraft((held) => ({ ...held, ...part }));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!saving.isPending) saving.mutate(draft);
  }

  return (
    <form ref={form} className={classes.form} onSubmit={submit} noValidate>
      <TextInput
        label={t('operators.name')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={faults.name}
        required
        withAsterisk={false}
        autoComplete="off"
        data-autofocus
      />
      <TextInput
        label={t('operators.email')}
        type="email"
        value={draft.email}
        onChange={(event) => change({ email: event.currentTarget.value })}
        error={faults.email}
        autoComplete="off"
      />
      <NativeSelect
        label={t('operators.role')}
        value={draft.role}
        onChange={(event) => change({ role: Role.catch('operator').parse(event.currentTarget.value) })}
        data={Role.options.map((role) => ({ value: role, label: t(`shell:roles.${role}`) }))}
      />
      <NumberInput
        label={t('operators.cap')}
        description={t('operators.capHint')}
        value={draft.cap}
        onChange={(cap) => change({ cap: typeof cap === 'number' ? cap : '' })}
        error={faults.max_load}
        min={0}
        max={MOST}
        allowDecimal={false}
        allowNegative={false}
      />
      <FaultLine text={faults.form} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onLeave}>
          {t('shell:cancel')}
        </Button>
        <Button type="submit" loading={saving.isPending}>
          {operator === null ? t('operators.create') : t('shell:save')}
        </Button>
      </Group>
    </form>
  );
}
