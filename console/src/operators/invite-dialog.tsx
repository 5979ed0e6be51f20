import { Button, Group, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Invite } from '../../../src/contract/access.ts';
import type { Operator } from '../../../src/contract/operator.ts';
import { inviteOperator } from '../api/admin-calls.ts';
import { wordsOf } from '../shell/words.ts';
import { CopyField } from '../sources/copy-field.tsx';
import { FaultLine } from '../sources/fault-line.tsx';
import { fullTime } from '../ui/time.ts';
import classes from './operators.module.css';

type Props = { operator: Operator; onLeave: () => void };

/** Makes the link under which an operator sets its password, and shows it this once. */
export function InviteDialog({ operator, onLeave }: Props) {
  const { t } = useTranslation(['rooms', 'shell']);
  const { name, email } = operator;
  // The link is for this window alone.
  const inviting = useMutation({ mutationFn: () => inviteOperator(operator.id), gcTime: 0 });
  const isMade = inviting.data !== undefined;
  return (
    <Modal
      opened
      onClose={onLeave}
      title={t('operators.inviteTitle', { name })}
      closeOnClickOutside={false}
      closeOnEscape={!isMade}
      withCloseButton={!isMade}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      {inviting.data !== undefined ? (
        <Made name={name} invite={inviting.data} onLeave={onLeave} />
      ) : (
        <div className={classes.form}>
          <p className={classes.text}>
            {t(email === null ? 'operators.inviteNoEmail' : 'operators.inviteText', { name })}
          </p>
          <FaultLine text={inviting.isError ? wordsOf(inviting.error) : undefined} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onLeave}>
              {t('shell:cancel')}
            </Button>
            {email !== null && (
              <Button loading={inviting.isPending} onClick={() => inviting.mutate()} data-autofocus>
                {t('operators.inviteMake')}
              </Button>
            )}
          </Group>
        </div>
      )}
    </Modal>
  );
}

function Made({ name, invite, onLeave }: { name: string; invite: Invite; onLeave: () => void }) {
  const { t, i18n } = useTranslation('rooms');
  return (
    <div className={classes.form}>
      <CopyField label={t('operators.inviteLink', { name })} text={invite.url} rows={2} />
      <p className={classes.text}>
        {t('operators.inviteUntil', { at: fullTime(invite.expires_at, i18n.language) })}{' '}
        {t('operators.inviteTrust', { name })}
      </p>
      <Group justify="flex-end">
        <Button onClick={onLeave}>{t('operators.inviteDone')}</Button>
      </Group>
    </div>
  );
}
