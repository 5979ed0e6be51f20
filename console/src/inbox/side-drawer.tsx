import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ContactId } from '../../../src/contract/ids.ts';
import { SidePane, type Side } from './side-pane.tsx';

type Props = { id: ContactId; side: Side | null; onSide: (side: Side | null) => void };

/** The side pane over the thread, where there is no room beside it. */
export function SideDrawer({ id, side, onSide }: Props) {
  const { t } = useTranslation('inbox');
  return (
    <Drawer
      opened={side !== null}
      onClose={() => onSide(null)}
      position="right"
      size={360}
      withCloseButton={false}
      padding={0}
      aria-label={t('lead.title')}
    >
      {side !== null && <SidePane key={id} id={id} side={side} onSide={onSide} />}
    </Drawer>
  );
}
