import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { offerSetup } from '../api/door.ts';
import { getSetup } from '../api/door-calls.ts';
import { useSession } from '../api/session.ts';
import { signOut } from '../shell/sign-out.ts';
import type { Session } from '../state/session.ts';
import classes from './doors.module.css';
import { PasswordSignIn } from './password-sign-in.tsx';
import { TokenSignIn } from './token-sign-in.tsx';

type Way = 'password' | 'token';

/** What every way of signing in is shown with. */
export type WayProps = { title: string; hint?: string; isOver: boolean; children: React.ReactNode };

/** The page of sign-in; while there is no admin yet, it leads to where the first one is made. */
export function SignIn() {
  const { t } = useTranslation();
  const setup = useQuery({ queryKey: ['setup'], queryFn: getSetup, retry: false, staleTime: 0, gcTime: 0 });
  const session = useSession();
  const wasRefused = session.kind === 'signed-out' && session.wasRefused;
  const isOpen = setup.data?.open === true;
  useEffect(() => {
    if (isOpen && !wasRefused) offerSetup();
  }, [isOpen, wasRefused]);
  if (setup.isPending) return <Loader aria-label={t('loading')} />;
  // Where there is no admin nobody has a password, and what is not known keeps nobody out.
  return <SignInForm first={isOpen ? 'token' : undefined} />;
}

/** Asks who it is; over the page of somebody whose session has ended too. */
export function SignInForm({ first }: { first?: Way }) {
  const { t } = useTranslation('doors');
  const session = useSession();
  const [way, setWay] = useState<Way>(() => first ?? lastWay(session));
  const isOver = session.kind === 'expired';
  const props = isOver
    ? {
        title: t('signIn.expiredTitle'),
        hint: t(session.by === 'token' ? 'signIn.tokenEnded' : 'signIn.sessionEnded'),
      }
    : { title: t('signIn.title'), hint: way === 'token' ? t('signIn.tokenHint') : undefined };
  const Form = way === 'token' ? TokenSignIn : PasswordSignIn;
  return (
    <Form {...props} isOver={isOver}>
      <div className={classes.others}>
        {way === 'password' && <p>{t('signIn.forgotten')}</p>}
        <Button variant="subtle" onClick={() => setWay(way === 'token' ? 'password' : 'token')}>
          {t(way === 'token' ? 'signIn.byPassword' : 'signIn.byToken')}
        </Button>
        {isOver && (
          <Button variant="subtle" color="gray" onClick={signOut}>
            {t('signIn.asAnother')}
          </Button>
        )}
      </div>
    </Form>
  );
}

/** As it was done before. */
function lastWay(session: Session): Way {
  if (session.kind === 'expired') return session.by === 'token' ? 'token' : 'password';
  return session.kind === 'signed-out' && session.wasRefused ? 'token' : 'password';
}
