import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import type { Message } from '../../../src/contract/message.ts';
import { retryMessage } from '../api/calls.ts';
import { dropOutgoing, retryOutgoing } from '../api/outbox.ts';
import { tellFailure } from '../shell/toasts.ts';
import { deskStore, useDesk } from '../state/desk-store.ts';
import type { Outgoing } from '../state/outbox.ts';
import classes from './thread.module.css';

/** Why a kept message did not go out, or may not have; its operator may put it on its way again. */
export function Outcome({ message, contact }: { message: Message; contact: Contact }) {
  const { t } = useTranslation('inbox');
  const me = useDesk((desk) => desk.me?.id ?? null);
  const reason = useFault(message.error ?? '');
  const retry = useMutation({
    mutationFn: () => retryMessage(message.id),
    onSuccess: (item) => deskStore.dispatch({ type: 'retried', before: message, item }),
    onError: tellFailure,
  });
  if (message.status !== 'failed' && message.status !== 'uncertain') return null;
  const isFailed = message.status === 'failed';
  const isMine = contact.operator_id === me && contact.status === 'assigned';
  return (
    <p className={classes.outcome}>
      {isFailed ? t('state.failedWhy', { reason }) : t(isMine ? 'state.uncertainAgain' : 'state.uncertain')}
      {isMine && (
        <button
          type="button"
          className={classes.whyLink}
          onClick={() => retry.mutate()}
          disabled={retry.isPending}
        >
          {t(isFailed ? 'state.retry' : 'state.again')}
        </button>
      )}
    </p>
  );
}

/** The reason of a failure in words: by its code, which details may follow; what has no code tells itself. */
function useFault(error: string): string {
  const { t, i18n } = useTranslation('inbox');
  const code = `faults.${error.split(':')[0] ?? ''}` as 'faults.no-channel';
  return i18n.exists(`inbox:${code}`) ? t(code) : error;
}

/** Why the gateway does not have the message yet; nothing is lost, and it goes out once at most. */
export function OutgoingOutcome({ outgoing }: { outgoing: Outgoing }) {
  const { t } = useTranslation(['inbox', 'problems']);
  const { state, clientId } = outgoing;
  if (state.kind === 'waiting') return null;
  const isRefused = state.kind === 'refused';
  return (
    <p className={classes.outcome}>
      {isRefused ? t('state.refused', { reason: t(`problems:${state.code}`) }) : t('state.unclearWhy')}
      <button type="button" className={classes.whyLink} onClick={() => retryOutgoing(clientId)}>
        {t(isRefused ? 'state.retry' : 'state.again')}
      </button>
      <button type="button" className={classes.whyLink} onClick={() => dropOutgoing(clientId)}>
        {t('state.drop')}
      </button>
    </p>
  );
}
