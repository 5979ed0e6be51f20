import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Actions } from './use-actions.ts';

/** Closes with a reason, or without one. */
export function CloseDialog({ close, onLeave }: { close: Actions['close']; onLeave: () => void }) {
  const { t } = useTranslation(['inbox', 'shell']);
  const [reason, setReason] = useState('');

  function submit(event: FormEvent) {
    event.preventDefault();
    close.mutate(reason);
    onLeave();
  }

  return (
    <Modal
      opened
      onClose={onLeave}
      title={t('actions.closeTitle')}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      <form onSubmit={submit}>
        <TextInput
          label={t('actions.reason')}
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button type="submit">{t('actions.closeSubmit')}</Button>
        </Group>
      </form>
    </Modal>
  );
}
