import { Button, Group, Modal } from '@mantine/core';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Operator } from '../../../src/contract/operator.ts';
import { HandOverPreview } from './hand-over-preview.tsx';
import classes from './operators.module.css';
import { isPlanChanged, useHandOver, useHandOverPreview } from './use-hand-over.ts';

/** Gives the open contacts of an operator who stays active to others, as at the end of a shift. */
export function HandOverDialog({ operator, onLeave }: { operator: Operator; onLeave: () => void }) {
  const { t } = useTranslation(['rooms', 'shell']);
  const preview = useHandOverPreview(operator, true);
  const handing = useHandOver(operator);
  const { name } = operator;
  const plan = preview.isFetching ? undefined : preview.data;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (plan === undefined || handing.isPending) return;
    handing.mutate(plan.plan, {
      onSuccess: onLeave,
      onError: (error) => isPlanChanged(error) && void preview.refetch(),
    });
  }

  return (
    <Modal
      opened
      onClose={onLeave}
      title={t('operators.handOverTitle', { name })}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      <form className={classes.form} onSubmit={submit}>
        <p className={classes.text}>{t('operators.handOverText', { name })}</p>
        {operator.availability === 'available' && (
          <p className={classes.text}>{t('operators.handOverAvailable', { name })}</p>
        )}
        <HandOverPreview query={preview} error={handing.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave}>
            {t('shell:cancel')}
          </Button>
          <Button
            type="submit"
            loading={handing.isPending}
            disabled={plan === undefined || plan.moves.length === 0}
          >
            {t('operators.handOver')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
