import { Button, Group } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { Check, TriangleAlert } from 'lucide-react';

const UNDO_MS = 5_000;
const FAILURE_MS = 8_000;

/** Where toasts appear. */
export function ToastRack() {
  return <Notifications position="bottom-center" limit={4} />;
}

function closeButtonProps() {
  return { 'aria-label': i18next.t('shell:dismiss') };
}

export function showDone(text: string, undo?: () => void): void {
  const id = notifications.show({
    autoClose: UNDO_MS,
    icon: <Check size={18} />,
    color: 'green',
    closeButtonProps: closeButtonProps(),
    message:
      undo === undefined ? (
        text
      ) : (
        <Group justify="space-between" wrap="nowrap">
          <span>{text}</span>
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {i18next.t('shell:undo')}
          </Button>
        </Group>
      ),
  });
}

export function showFailure(text: string): void {
  notifications.show({
    autoClose: FAILURE_MS,
    icon: <TriangleAlert size={18} />,
    color: 'red',
    role: 'alert',
    closeButtonProps: closeButtonProps(),
    message: text,
  });
}
