import { Modal } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { whoAmI } from '../api/calls.ts';
import { byCookie, sessionStore, useSession } from '../api/session.ts';
import { SignInForm } from './sign-in.tsx';

/** Asks over the page, which stays as it is, for a sign-in that is still accepted. */
export function AskAgain({ isOpen }: { isOpen: boolean }) {
  const { t } = useTranslation('doors');
  useOtherTabs();
  return (
    <Modal.Root opened={isOpen} onClose={() => undefined} closeOnEscape={false} closeOnClickOutside={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('signIn.expiredTitle')}>
        <Modal.Body>
          <SignInForm />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Whoever has signed in again in another tab need not do so here: the cookie is the same. */
function useOtherTabs(): void {
  const session = useSession();
  const isAsked = session.kind === 'expired' && session.by === 'cookie';
  useEffect(() => {
    if (!isAsked) return;
    async function look() {
      const credential = byCookie();
      const identity = await whoAmI(credential).catch(() => null);
      if (identity !== null && sessionStore.get().kind === 'expired')
        sessionStore.dispatch({ type: 'signed-in', credential, identity });
    }
    const onFocus = () => void look();
    addEventListener('focus', onFocus);
    return () => removeEventListener('focus', onFocus);
  }, [isAsked]);
}
