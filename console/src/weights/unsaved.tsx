import { Button, Group, Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
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

/** Asks before the page is left with unsaved weights. */
export function LeaveGuard() {
  const { t } = useTranslation(['rooms', 'shell']);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname,
    enableBeforeUnload: true,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Modal
      opened
      onClose={blocker.reset}
      title={t('weights.leave')}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      <Group justify="flex-end">
        <Button variant="default" onClick={blocker.reset} data-autofocus>
          {t('weights.stay')}
        </Button>
        <Button color="red" onClick={blocker.proceed}>
          {t('weights.leaveSubmit')}
        </Button>
      </Group>
    </Modal>
  );
}
