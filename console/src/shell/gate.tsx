import { Loader } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { whoAmI } from '../api/calls.ts';
import { followGateway } from '../api/live.ts';
import { runOutbox } from '../api/outbox.ts';
import { allOperators, allSources, queryClient } from '../api/queries.ts';
import { Refusal } from '../api/request.ts';
import { sessionStore, useSession, type Session } from '../api/session.ts';
import { deskStore } from '../state/desk-store.ts';
import { bringTheRest, lazily, useEver } from '../ui/lazily.tsx';
import classes from './gate.module.css';

const SignIn = lazily(async () => (await import('./sign-in.tsx')).SignIn);
const AskAgain = lazily(async () => (await import('./ask-again.tsx')).AskAgain);

const CHECK_AGAIN_MS = 2_000;
const REST_AFTER_MS = 3_000;

/** Lets nobody in without a token; an expired one is asked for over the page, which stays as it is. */
export function Gate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  useTokenCheck(session);
  useLiveDesk(session);
  const wasExpired = useEver(session.kind === 'expired');

  if (session.kind === 'signed-out')
    return (
      <main className={classes.gate}>
        <SignIn title={t('signIn.title')} hint={t('signIn.hint')} />
      </main>
    );
  if (session.kind === 'unproven')
    return (
      <main className={classes.gate}>
        <Loader aria-label={t('signIn.checking')} />
      </main>
    );
  return (
    <>
      {children}
      {wasExpired && <AskAgain isOpen={session.kind === 'expired'} />}
    </>
  );
}

/** A token of the last visit or of a link is believed once the gateway has said whose it is. */
function useTokenCheck(session: Session): void {
  const token = session.kind === 'unproven' ? session.token : null;
  useEffect(() => {
    if (token === null) return;
    // A link may bring somebody else to an open page.
    queryClient.clear();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const check = () =>
      whoAmI(token).then(
        (identity) => {
          if (!isOver) sessionStore.dispatch({ type: 'proven', token, identity });
        },
        (error: unknown) => {
          if (isOver) return;
          const isRefused = error instanceof Refusal && ['unauthorized', 'forbidden'].includes(error.code);
          if (isRefused) sessionStore.dispatch({ type: 'refused' });
          else timer = setTimeout(() => void check(), CHECK_AGAIN_MS);
        },
      );
    void check();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [token]);
}

/** The line to the gateway and the outbox work while somebody is signed in. */
function useLiveDesk(session: Session): void {
  const token = session.kind === 'signed-in' ? session.token : null;
  const operatorId = session.kind === 'signed-in' ? (session.identity.operator?.id ?? 0) : null;
  useEffect(() => {
    if (token === null || operatorId === null) return;
    const current = sessionStore.get();
    if (current.kind !== 'signed-in') return;
    deskStore.dispatch({ type: 'signed-in', operator: current.identity.operator });
    void queryClient.invalidateQueries();
    void queryClient.prefetchQuery(allOperators);
    void queryClient.prefetchQuery(allSources);
    const stopFollowing = followGateway();
    const stopOutbox = runOutbox();
    const rest = setTimeout(bringTheRest, REST_AFTER_MS);
    return () => {
      clearTimeout(rest);
      stopFollowing();
      stopOutbox();
    };
  }, [token, operatorId]);
}
