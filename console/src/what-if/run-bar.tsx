import { Button, Group } from '@mantine/core';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bench } from './use-bench.ts';
import type { Runner } from './use-run.ts';
import classes from './what-if.module.css';

type Props = {
  bench: Bench;
  runner: Runner;
  /** Null where nothing may be applied. */
  onApply: (() => Promise<void>) | null;
};

/** How much is edited, and what to do with it. */
export function RunBar({ bench, runner, onApply }: Props) {
  const { t } = useTranslation(['rooms', 'shell']);
  const [isOpening, setOpening] = useState(false);
  const { differences, aside, reset } = bench;
  const isEdited = differences.length > 0;

  async function open(): Promise<void> {
    setOpening(true);
    await onApply?.();
    setOpening(false);
  }

  return (
    <section className={classes.bar} data-edited={isEdited} aria-label={t('whatIf.bar.label')}>
      <span role="status">
        {isEdited ? t('whatIf.bar.edits', { count: differences.length }) : t('whatIf.bar.none')}
        {aside > 0 && <span className={classes.aside}> {t('whatIf.bar.aside', { count: aside })}</span>}
      </span>
      <Group gap="sm">
        {isEdited && (
          <Button variant="subtle" color="gray" onClick={reset}>
            {t('shell:reset')}
          </Button>
        )}
        {isEdited && onApply !== null && (
          <Button variant="default" onClick={() => void open()} loading={isOpening}>
            {t('whatIf.bar.apply')}
          </Button>
        )}
        <Button leftSection={<Play size={16} />} onClick={runner.run} loading={runner.isRunning}>
          {t('whatIf.bar.run')}
        </Button>
      </Group>
    </section>
  );
}
