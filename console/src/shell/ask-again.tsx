import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SignIn } from './sign-in.tsx';

/** Asks over the page, which stays as it is, for a token that is still accepted. */
export function AskAgain({ isOpen }: { isOpen: boolean }) {
  const { t } = useTranslation();
  return (
    <Modal.Root opened={isOpen} onClose={() => undefined} closeOnEscape={false} closeOnClickOutside={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('signIn.expiredTitle')}>
        <Modal.Body>
          <SignIn title={t('signIn.expiredTitle')} hint={t('signIn.expiredHint')} canLeave />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
