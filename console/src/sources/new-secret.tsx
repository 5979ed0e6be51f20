import { Button, Group, Modal, NumberInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RotatedSecret, Source } from '../../../src/contract/source.ts';
import { rotateSecret } from '../api/admin-calls.ts';
import { allSources, queryClient } from '../api/queries.ts';
import { fullTime } from '../ui/time.ts';
import { CopyField } from './copy-field.tsx';
import { curlOf } from './curl.ts';
import { FaultLine } from './fault-line.tsx';
import { faultsOf } from './faults.ts';
import classes from './sources.module.css';
import { useFocusOnFault } from './use-focus-on-fault.ts';

type Props = { source: Source; webhook: NonNullable<Source['webhook']>; onLeave: () => void };

/** Asks for how long the old secret is to count, and then shows the new one this once. */
export function NewSecretDialog({ source, webhook, onLeave }: Props) {
  const { t } = useTranslation(['rooms', 'shell']);
  const [rotated, setRotated] = useState<RotatedSecret | null>(null);
  const { name } = source;
  return (
    <Modal
      opened
      onClose={onLeave}
      title={t(rotated === null ? 'sources.newSecretTitle' : 'sources.secretTitle', { name })}
      size="lg"
      closeOnClickOutside={false}
      // A secret that was not kept is lost: only its button leaves.
      closeOnEscape={rotated === null}
      withCloseButton={rotated === null}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      {rotated === null ? (
        <OverlapForm source={source} onRotated={setRotated} onLeave={onLeave} />
      ) : (
        <Rotated source={source} webhook={webhook} rotated={rotated} onLeave={onLeave} />
      )}
    </Modal>
  );
}

const DAY_HOURS = 24;

type FormProps = { source: Source; onRotated: (secret: RotatedSecret) => void; onLeave: () => void };

function OverlapForm({ source, onRotated, onLeave }: FormProps) {
  const { t } = useTranslation(['rooms', 'shell']);
  const [hours, setHours] = useState<number | ''>(DAY_HOURS);
  const rotating = useMutation({
    mutationFn: () => rotateSecret(source.id, { overlap_hours: hours === '' ? Number.NaN : hours }),
    // The secret is for this window alone.
    gcTime: 0,
    onSuccess: (secret) => {
      void queryClient.invalidateQueries({ queryKey: allSources.queryKey });
      onRotated(secret);
    },
  });
  const form = useFocusOnFault(rotating.error);
  const faults = faultsOf(rotating.error, ['overlap_hours']);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!rotating.isPending) rotating.mutate();
  }

  return (
    <form ref={form} className={classes.form} onSubmit={submit} noValidate>
      <p className={classes.text}>{t('sources.newSecretText')}</p>
      <NumberInput
        label={t('sources.overlap')}
        description={t('sources.overlapHint')}
        value={hours}
        onChange={(value) => setHours(typeof value === 'number' ? value : '')}
        error={faults['overlap_hours']}
        min={0}
        max={168}
        clampBehavior="none"
        allowDecimal={false}
        allowNegative={false}
        data-autofocus
      />
      <FaultLine text={faults['form']} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onLeave}>
          {t('shell:cancel')}
        </Button>
        <Button type="submit" loading={rotating.isPending}>
          {t('sources.makeSecret')}
        </Button>
      </Group>
    </form>
  );
}

function Rotated({ source, webhook, rotated, onLeave }: Props & { rotated: RotatedSecret }) {
  const { t, i18n } = useTranslation('rooms');
  const { secret, previous_secret_until: until } = rotated;
  const curl = curlOf({ ...source, webhook: { ...webhook, secret } }, location.origin);
  return (
    <div className={classes.form}>
      <p className={classes.text}>
        {t('sources.secretText')}{' '}
        {until === null
          ? t('sources.oldEnded')
          : t('sources.oldUntil', { at: fullTime(until, i18n.language) })}
      </p>
      <CopyField label={t('sources.secret')} text={secret} />
      {curl !== null && <CopyField label={t('sources.curl')} text={curl} rows={5} />}
      <Group justify="flex-end">
        <Button onClick={onLeave} data-autofocus>
          {t('sources.secretDone')}
        </Button>
      </Group>
    </div>
  );
}
