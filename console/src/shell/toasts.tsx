import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { Check, TriangleAlert } from 'lucide-react';
import { BadAnswer } from '../api/request.ts';
import { wordsOf } from './words.ts';

const UNDO_MS = 5_000;

function closeButtonProps() {
  return { 'aria-label': i18next.t('shell:dismiss') };
}

/** Says that something was done; with `undo`, offers to take it back for five seconds. */
export function tell(text: string, undo?: () => void): void {
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

/** Says in words why something was not done. */
export function tellFailure(error: unknown): void {
  if (error instanceof BadAnswer) console.error(error);
  notifications.show({
    autoClose: 8_000,
    icon: <TriangleAlert size={18} />,
    color: 'red',
    role: 'alert',
    closeButtonProps: closeButtonProps(),
    message: wordsOf(error),
  });
}
