import { Button } from '@mantine/core';
import { DoorClosed } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { leaveDoor } from '../api/door.ts';
import { Notice } from '../ui/notice.tsx';

/** A door that opens no longer: why, and the way on. */
export function Closed({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation('doors');
  return (
    <div role="alert">
      <Notice
        icon={<DoorClosed size={26} />}
        title={title}
        text={text}
        action={<Button onClick={() => leaveDoor()}>{t('setup.toSignIn')}</Button>}
      />
    </div>
  );
}
