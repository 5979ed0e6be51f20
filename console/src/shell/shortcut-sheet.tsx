import { Kbd, Modal, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const shortcuts = [
  ['Alt + J', 'next'],
  ['Alt + K', 'previous'],
  ['R', 'reply'],
  ['N', 'note'],
  ['A', 'take'],
  ['T', 'transfer'],
  ['Alt + E', 'close'],
  ['Alt + O', 'card'],
  ['Enter', 'send'],
  ['Shift + Enter', 'newLine'],
  ['?', 'sheet'],
  ['Esc', 'escape'],
] as const;

export function ShortcutSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('closeWindow') }}
    >
      <Table>
        <Table.Tbody>
          {shortcuts.map(([keys, name]) => (
            <Table.Tr key={name}>
              <Table.Td>{t(`keys.${name}`)}</Table.Td>
              <Table.Td ta="right">
                <Kbd>{keys}</Kbd>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
