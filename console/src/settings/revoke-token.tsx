import { Button, Group, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Token } from '../../../src/contract/access.ts';
import { queryClient } from '../api/queries.ts';
import { revokeToken } from '../api/settings-calls.ts';
import { tell, tellFailure } from '../shell/toasts.ts';
import { allTokens } from './queries.ts';
import classes from './settings.module.css';

/** Says what it means that a token ends, and ends it. */
export function RevokeToken({ token, onLeave }: { token: Token; onLeave: () => void }) {
  const { t } = useTranslation(['settings', 'shell']);
  const { name } = token;
  const revoking = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSuccess: () => tell(t('tokens.revoked', { name })),
    onError: tellFailure,
    onSettled: () => {
      onLeave();
      return queryClient.invalidateQueries({ queryKey: allTokens.queryKey });
    },
  });
  return (
    <Modal
      opened
      onClose={onLeave}
      title={t('tokens.revokeTitle', { name })}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      <div className={classes.form}>
        <p className={classes.text}>{t('tokens.revokeText')}</p>
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave} data-autofocus>
            {t('shell:cancel')}
          </Button>
          <Button color="red" loading={revoking.isPending} onClick={() => revoking.mutate()}>
            {t('tokens.revoke')}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
