import { Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { tell } from '../shell/toasts.ts';
import { FaultLine } from '../sources/fault-line.tsx';
import { countLeftBehind, stepsOf, type Fate } from './steps.ts';
import { StepList } from './step-list.tsx';
import { useApplying } from './use-applying.ts';
import type { Bench } from './use-bench.ts';
import classes from './what-if.module.css';

type Props = { bench: Bench; onLeave: () => void };

/** Says what applying changes, and does it when it is wanted; then tells what went wrong where it did. */
export function ApplyDialog({ bench, onLeave }: Props) {
  const { t } = useTranslation(['rooms', 'shell']);
  const { differences, present, drop } = bench;
  const [fate, setFate] = useState<Fate>('requeue');
  const { progress, applying } = useApplying(drop);
  const isTried = progress.length > 0;
  const leftBehind = countLeftBehind(present, differences);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const count = differences.length;
    if (!(await applying.mutateAsync({ steps: stepsOf(differences), fate }))) return;
    tell(t('whatIf.apply.applied', { count }));
    onLeave();
  }

  return (
    <Modal
      opened
      onClose={() => {
        if (!applying.isPending) onLeave();
      }}
      title={isTried ? t('whatIf.apply.list') : t('whatIf.apply.title', { count: differences.length })}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      <form className={classes.form} onSubmit={(event) => void submit(event)}>
        <StepList
          progress={isTried ? progress : stepsOf(differences).map((step) => ({ step, outcome: null }))}
        />
        {!isTried && (
          <p className={classes.text}>
            {t(differences.length === 0 ? 'whatIf.apply.gone' : 'whatIf.apply.text')}
          </p>
        )}
        {leftBehind > 0 && !applying.isPending && (
          <Radio.Group
            label={t('whatIf.apply.leftBehind', { count: leftBehind })}
            value={fate}
            onChange={(value) => setFate(value === 'keep' ? 'keep' : 'requeue')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="requeue" label={t('whatIf.apply.requeue')} />
              <Radio value="keep" label={t('whatIf.apply.keep')} />
            </Stack>
          </Radio.Group>
        )}
        {applying.data === false && <FaultLine text={t('whatIf.apply.failed')} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave} disabled={applying.isPending} data-autofocus>
            {t(isTried ? 'whatIf.apply.close' : 'shell:cancel')}
          </Button>
          <Button type="submit" loading={applying.isPending} disabled={differences.length === 0}>
            {t(isTried && !applying.isPending ? 'whatIf.apply.again' : 'whatIf.apply.submit')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
