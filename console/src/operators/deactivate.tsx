import { Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { OpenContacts, type Operator } from '../../../src/contract/operator.ts';
import { HandOverPreview } from './hand-over-preview.tsx';
import classes from './operators.module.css';
import { isPlanChanged, useHandOverPreview } from './use-hand-over.ts';
import type { Activity } from './use-operators.ts';

type Props = { operator: Operator; change: Activity['change']; onLeave: () => void };

const fates = ['requeue', 'hand_over', 'keep'] as const satisfies readonly OpenContacts[];

/** Says what deactivating does, and asks what becomes of the open contacts. */
export function Deactivate({ operator, change, onLeave }: Props) {
  const { t } = useTranslation(['rooms', 'shell']);
  const [chosen, setChosen] = useState<OpenContacts>('requeue');
  const { name, load } = operator;
  const fate = load === 0 ? 'keep' : chosen;
  const preview = useHandOverPreview(operator, fate === 'hand_over');
  const plan = preview.isFetching ? undefined : preview.data?.plan;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (change.isPending) return;
    const agreed = fate === 'hand_over' ? { plan } : {};
    change.mutate(
      { is_active: false, open_contacts: fate, ...agreed },
      {
        onSuccess: onLeave,
        onError: (error) => (isPlanChanged(error) ? void preview.refetch() : onLeave()),
      },
    );
  }

  return (
    <Modal
      opened
      onClose={onLeave}
      title={t('operators.offTitle', { name })}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      <form className={classes.form} onSubmit={submit}>
        <p className={classes.text}>{t('operators.offNone', { name })}</p>
        {load > 0 && (
          <Radio.Group
            label={t('operators.offText', { name, count: load })}
            value={fate}
            onChange={(value) => setChosen(OpenContacts.catch('requeue').parse(value))}
          >
            <Stack gap="xs" mt="xs">
              {fates.map((one, place) => (
                <Radio
                  key={one}
                  value={one}
                  label={t(`operators.${one}`)}
                  data-autofocus={place === 0 || undefined}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {fate === 'hand_over' && <HandOverPreview query={preview} error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave}>
            {t('shell:cancel')}
          </Button>
          <Button
            type="submit"
            color="red"
            loading={change.isPending}
            disabled={fate === 'hand_over' && plan === undefined}
          >
            {t('operators.off')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
