import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './weights.module.css';

type Props = { count: number; isSaving: boolean; onSave: () => void; onReset: () => void };

/** How much is unsaved, and what to do about it. */
export function Unsaved({ count, isSaving, onSave, onReset }: Props) {
  const { t } = useTranslation(['rooms', 'shell']);
  return (
    <section className={classes.unsaved} aria-label={t('weights.unsavedLabel')}>
      <span role="status">{t('weights.unsaved', { count })}</span>
      <Group gap="sm">
        <Button variant="default" onClick={onReset} disabled={isSaving}>
          {t('shell:reset')}
        </Button>
        <Button onClick={onSave} loading={isSaving}>
          {t('shell:save')}
        </Button>
      </Group>
    </section>
  );
}
