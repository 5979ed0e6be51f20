import { Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Operator } from '../../../src/contract/operator.ts';
import classes from './operators.module.css';

type Fate = 'keep' | 'requeue';
type Props = { operator: Operator; onDeactivate: (fate: Fate) => void; onLeave: () => void };

/** Says what deactivating does, and asks what becomes of the open contacts. */
export function Deactivate({ operator, onDeactivate, onLeave }: Props) {
  const { t } = useTranslation(['rooms', 'shell']);
  const [fate, setFate] = useState<Fate>('requeue');
  const { name, load } = operator;

  function submit(event: FormEvent) {
    event.preventDefault();
    onDeactivate(load === 0 ? 'keep' : fate);
    onLeave();
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
            onChange={(value) => setFate(value === 'keep' ? 'keep' : 'requeue')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="requeue" label={t('operators.requeue')} data-autofocus />
              <Radio value="keep" label={t('operators.keep')} />
            </Stack>
          </Radio.Group>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave}>
            {t('shell:cancel')}
          </Button>
          <Button type="submit" color="red">
            {t('operators.off')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
