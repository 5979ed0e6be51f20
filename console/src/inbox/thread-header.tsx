import { Button, Menu } from '@mantine/core';
import { ArrowLeft, CircleHelp, Ellipsis, IdCard, Undo2, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import { useDesk } from '../state/desk-store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useShortcuts } from '../ui/keys.ts';
import { lazily } from '../ui/lazily.tsx';
import { Monogram } from '../ui/monogram.tsx';
import { useLeadName } from './names.ts';
import type { Place } from './place.ts';
import type { Side } from './side-pane.tsx';
import classes from './thread.module.css';
import type { Actions } from './use-actions.ts';

const CloseDialog = lazily(async () => (await import('./close-dialog.tsx')).CloseDialog);
const TransferDialog = lazily(async () => (await import('./transfer-dialog.tsx')).TransferDialog);

type Props = {
  contact: Contact;
  actions: Actions;
  place: Place;
  side: Side | null;
  onSide: (side: Side | null) => void;
};

/** Who it is, how it stands, and what can be done with it. */
export function ThreadHeader({ contact, actions, place, side, onSide }: Props) {
  const { t } = useTranslation('inbox');
  const name = useLeadName()(contact.lead);
  const [dialog, setDialog] = useState<'transfer' | 'close' | null>(null);
  const { rights, take, reopen } = actions;
  const toggle = (wanted: Side) => onSide(side === wanted ? null : wanted);
  const canTake = rights.take || rights.takeOver;
  useShortcuts({
    KeyA: () => (canTake ? take.mutate() : false),
    KeyT: () => (rights.transfer ? setDialog('transfer') : false),
    'Alt+KeyE': () => (rights.close ? setDialog('close') : false),
    'Alt+KeyO': () => toggle('lead'),
  });

  return (
    <header className={classes.header}>
      <IconButton className={classes.back} label={t('thread.back')} onClick={() => place.open(null)}>
        <ArrowLeft size={20} />
      </IconButton>
      <Monogram name={name} seed={contact.lead_id} size={36} />
      <div className={classes.who}>
        <h2 className={classes.title}>{name}</h2>
        <p className={classes.standing}>
          <Standing contact={contact} /> · {contact.source.name}
        </p>
      </div>
      <div className={classes.actions} role="group" aria-label={t('actions.label')}>
        {canTake && (
          <Button size="xs" onClick={() => take.mutate()} loading={take.isPending}>
            {t(rights.take ? 'actions.take' : 'actions.takeOver')}
          </Button>
        )}
        {rights.reopen && (
          <Button size="xs" variant="default" onClick={() => reopen.mutate()} loading={reopen.isPending}>
            {t('actions.reopen')}
          </Button>
        )}
        {rights.close && (
          <Button size="xs" variant="default" onClick={() => setDialog('close')}>
            {t('actions.close')}
          </Button>
        )}
        <IconButton
          label={whyLabel(contact, rights.isMine, t)}
          aria-pressed={side === 'why'}
          onClick={() => toggle('why')}
        >
          <CircleHelp size={18} />
        </IconButton>
        <IconButton label={t('actions.card')} aria-pressed={side === 'lead'} onClick={() => toggle('lead')}>
          <IdCard size={18} />
        </IconButton>
        <MoreMenu actions={actions} onTransfer={() => setDialog('transfer')} />
      </div>
      {dialog === 'transfer' && (
        <TransferDialog contact={contact} transfer={actions.transfer} onLeave={() => setDialog(null)} />
      )}
      {dialog === 'close' && <CloseDialog close={actions.close} onLeave={() => setDialog(null)} />}
    </header>
  );
}

function whyLabel(
  contact: Contact,
  isMine: boolean,
  t: (key: 'actions.why' | 'actions.whyTitle' | 'actions.whyNobody') => string,
): string {
  if (isMine) return t('actions.why');
  return t(contact.operator_id === null ? 'actions.whyNobody' : 'actions.whyTitle');
}

function Standing({ contact }: { contact: Contact }) {
  const { t } = useTranslation('inbox');
  const me = useDesk((desk) => desk.me?.id ?? null);
  const name = contact.operator?.name ?? '';
  switch (contact.status) {
    case 'waiting':
      return t('status.waiting');
    case 'closed':
      return t('status.closed');
    case 'assigned':
      return contact.offer_expires_at === null
        ? contact.operator_id === me
          ? t('status.mine')
          : t('status.assigned', { name })
        : contact.operator_id === me
          ? t('status.offeredMine')
          : t('status.offeredTo', { name });
  }
}

function MoreMenu({ actions, onTransfer }: { actions: Actions; onTransfer: () => void }) {
  const { t } = useTranslation('inbox');
  const { rights, release } = actions;
  if (!rights.transfer && !rights.release) return null;
  return (
    <Menu>
      <Menu.Target>
        <IconButton label={t('actions.more')}>
          <Ellipsis size={18} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        {rights.transfer && (
          <Menu.Item leftSection={<UserRoundPlus size={16} />} onClick={onTransfer}>
            {t('actions.transfer')}
          </Menu.Item>
        )}
        {rights.release && (
          <Menu.Item leftSection={<Undo2 size={16} />} onClick={() => release.mutate()}>
            {t('actions.release')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
