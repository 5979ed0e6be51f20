import { Switch, Table } from '@mantine/core';
import { ArrowRightLeft, KeyRound, Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Operator } from '../../../src/contract/operator.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Monogram } from '../ui/monogram.tsx';
import { Deactivate } from './deactivate.tsx';
import { HandOverDialog } from './hand-over-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LoadBar } from './load-bar.tsx';
import { OperatorDialog } from './operator-dialog.tsx';
import { OperatorState } from './operator-state.tsx';
import classes from './operators.module.css';
import { useActivity } from './use-operators.ts';

type Props = { operator: Operator; mayChange: boolean };

export function OperatorRow({ operator, mayChange }: Props) {
  return (
    <Table.Tr className={classes.row} data-off={!operator.is_active}>
      <Table.Th scope="row">
        <div className={classes.name}>
          <Monogram name={operator.name} seed={operator.id} size={34} />
          <div>
            {operator.name}
            <div className={classes.soft}>{operator.email}</div>
          </div>
        </div>
      </Table.Th>
      <Role operator={operator} />
      <Table.Td>
        <OperatorState operator={operator} />
      </Table.Td>
      <Table.Td>
        <LoadBar load={operator.load} max={operator.max_load} />
      </Table.Td>
      <Table.Td>{operator.max_load}</Table.Td>
      <Table.Td>
        <Activity operator={operator} mayChange={mayChange} />
      </Table.Td>
      <Table.Td>
        <Actions operator={operator} mayChange={mayChange} />
      </Table.Td>
    </Table.Tr>
  );
}

function Role({ operator }: { operator: Operator }) {
  const { t } = useTranslation();
  return <Table.Td>{t(`roles.${operator.role}`)}</Table.Td>;
}

function Actions({ operator, mayChange }: Props) {
  const { t } = useTranslation('rooms');
  const [open, setOpen] = useState<'form' | 'hand-over' | 'invite' | null>(null);
  const { name, load } = operator;
  const leave = () => setOpen(null);
  return (
    <div className={classes.actions}>
      {load > 0 && (
        <IconButton label={t('operators.handOverOf', { name })} onClick={() => setOpen('hand-over')}>
          <ArrowRightLeft size={17} />
        </IconButton>
      )}
      {mayChange && operator.is_active && (
        <IconButton label={t('operators.inviteOf', { name })} onClick={() => setOpen('invite')}>
          <KeyRound size={17} />
        </IconButton>
      )}
      {mayChange && (
        <IconButton label={t('operators.edit', { name })} onClick={() => setOpen('form')}>
          <Pencil size={17} />
        </IconButton>
      )}
      {open === 'form' && <OperatorDialog operator={operator} onLeave={leave} />}
      {open === 'invite' && <InviteDialog operator={operator} onLeave={leave} />}
      {open === 'hand-over' && <HandOverDialog operator={operator} onLeave={leave} />}
    </div>
  );
}

function Activity({ operator, mayChange }: Props) {
  const { t } = useTranslation(['rooms', 'shell']);
  const [isAsked, setAsked] = useState(false);
  const { isActive, change } = useActivity(operator);
  if (!mayChange) return t(isActive ? 'shell:yes' : 'shell:no');
  return (
    <>
      <Switch
        aria-label={t('operators.toggle', { name: operator.name })}
        checked={isActive}
        onChange={() => (isActive ? setAsked(true) : change.mutate({ is_active: true }))}
      />
      {isAsked && <Deactivate operator={operator} change={change} onLeave={() => setAsked(false)} />}
    </>
  );
}
