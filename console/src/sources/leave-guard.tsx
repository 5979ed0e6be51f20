import { Button, Group, Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** Asks before the page is left with unsaved changes. */
export function LeaveGuard({ title }: { title: string }) {
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
      title={title}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      <Group justify="flex-end">
        <Button variant="default" onClick={blocker.reset} data-autofocus>
          {t('stay')}
        </Button>
        <Button color="red" onClick={blocker.proceed}>
          {t('leave')}
        </Button>
      </Group>
    </Modal>
  );
}
