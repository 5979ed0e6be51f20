import { Button, Group, Loader, Modal, Radio, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import type { OperatorId } from '../../../src/contract/ids.ts';
import type { OperatorView } from '../../../src/contract/operator.ts';
import { allOperators, weightsOf } from '../api/queries.ts';
import { useIdentity } from '../api/session.ts';
import { useDesk } from '../state/desk-store.ts';
import { StatusDot } from '../ui/status-dot.tsx';
import classes from './transfer.module.css';
import type { Actions } from './use-actions.ts';

type Props = { contact: Contact; transfer: Actions['transfer']; onLeave: () => void };

/** Chooses who gets the contact: presence, load and, for supervisors, the weight are shown. */
export function TransferDialog({ contact, transfer, onLeave }: Props) {
  const { t } = useTranslation(['inbox', 'shell']);
  const [to, setTo] = useState<OperatorId | null>(null);
  const [search, setSearch] = useState('');
  const [note, setNote] = useState('');
  const { isLoading } = useQuery(allOperators);
  const operators = useTargets(contact, search);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (to === null) return;
    transfer.mutate({ to, note });
    onLeave();
  }

  return (
    <Modal
      opened
      onClose={onLeave}
      title={t('transfer.title')}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          label={t('transfer.search')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          data-autofocus
        />
        {isLoading && <Loader size="sm" />}
        {!isLoading && operators.length === 0 && <p>{t('transfer.nobody')}</p>}
        <Radio.Group
          aria-label={t('transfer.operators')}
          value={to === null ? '' : String(to)}
          onChange={(value) => setTo(operators.find(({ id }) => String(id) === value)?.id ?? null)}
        >
          <div className={classes.targets}>
            {operators.map((operator) => (
              <Target key={operator.id} operator={operator} contact={contact} />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label={t('transfer.note')}
          value={note}
          maxLength={4096}
          autosize={false}
          rows={2}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" disabled={to === null}>
            {t('transfer.submit')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function useTargets(contact: Contact, search: string): OperatorView[] {
  const operators = useDesk((desk) => desk.operators);
  const wanted = search.trim().toLocaleLowerCase();
  return [...operators.values()]
    .filter((operator) => operator.id !== contact.operator_id)
    .filter((operator) => !('is_active' in operator) || operator.is_active)
    .filter((operator) => operator.name.toLocaleLowerCase().includes(wanted))
    .toSorted((a, b) => a.load / Math.max(1, a.max_load) - b.load / Math.max(1, b.max_load));
}

function Target({ operator, contact }: { operator: OperatorView; contact: Contact }) {
  const { t } = useTranslation('inbox');
  const isBoss = useIdentity().role !== 'operator';
  const { data } = useQuery({ ...weightsOf(contact.source_id), enabled: isBoss });
  const weight = data?.items.find((item) => item.operator_id === operator.id)?.weight;
  const load = t('transfer.load', { load: operator.load, max: operator.max_load });
  const isFree = operator.presence === 'online' && operator.availability === 'available';
  return (
    <Radio
      value={String(operator.id)}
      label={
        <span className={classes.target}>
          <StatusDot tone={isFree ? 'good' : operator.presence === 'online' ? 'warn' : 'off'} />
          <span>{operator.name}</span>
          <span className={classes.facts}>
            {load}
            {weight === undefined ? '' : ` · ${t('transfer.weight', { weight })}`}
          </span>
        </span>
      }
    />
  );
}
