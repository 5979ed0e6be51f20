import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Hourglass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import { acceptContact, declineContact } from '../api/calls.ts';
import { tell, tellFailure } from '../shell/toasts.ts';
import { useSecond } from '../ui/clock.ts';
import { useShortcuts } from '../ui/keys.ts';
import { countdown } from '../ui/time.ts';
import classes from './offer-bar.module.css';
import { keep } from './use-actions.ts';

type Props = { contact: Contact; until: string; isMine: boolean };

/** To whom a contact is offered, and for how long; whose it is answers here. */
export function OfferBar({ contact, until, isMine }: Props) {
  const { t } = useTranslation('inbox');
  return (
    <div className={classes.bar} role="group" aria-label={t('offer.label')}>
      <Hourglass size={18} aria-hidden />
      <TimeLeft until={until} to={isMine ? null : (contact.operator?.name ?? '')} />
      {isMine && <Answers contact={contact} />}
    </div>
  );
}

// The role keeps it silent: nobody wants to hear each second.
function TimeLeft({ until, to }: { until: string; to: string | null }) {
  const { t } = useTranslation('inbox');
  const left = Math.floor((Date.parse(until) - useSecond()) / 1000);
  const time = countdown(left);
  const words =
    left > 0
      ? to === null
        ? t('offer.mine', { time })
        : t('offer.others', { name: to, time })
      : to === null
        ? t('offer.over')
        : t('offer.othersOver', { name: to });
  return (
    <p className={classes.left} role="timer">
      {words}
    </p>
  );
}

/** Open to the end and a moment longer: whether it was in time, the gateway says. */
function Answers({ contact }: { contact: Contact }) {
  const { t } = useTranslation('inbox');
  const accept = useMutation({
    mutationFn: () => acceptContact(contact.id),
    onSuccess: (next) => {
      keep(next);
      tell(t('offer.accepted'));
    },
    onError: tellFailure,
  });
  const decline = useMutation({
    mutationFn: () => declineContact(contact.id),
    onSuccess: (next) => {
      keep(next);
      tell(
        next.operator === null
          ? t('offer.declinedWaiting')
          : t('offer.declinedTo', { name: next.operator.name }),
      );
    },
    onError: tellFailure,
  });
  const isBusy = accept.isPending || decline.isPending;
  useShortcuts({ KeyA: () => (isBusy ? false : accept.mutate()) });

  return (
    <div className={classes.answers}>
      <Button size="xs" onClick={() => accept.mutate()} loading={accept.isPending} disabled={isBusy}>
        {t('offer.accept')}
      </Button>
      <Button
        size="xs"
        variant="default"
        onClick={() => decline.mutate()}
        loading={decline.isPending}
        disabled={isBusy}
      >
        {t('offer.decline')}
      </Button>
    </div>
  );
}
