import { Loader } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { whoAmI } from '../api/calls.ts';
import { useDoor } from '../api/door.ts';
import { finishLeaving } from '../api/leave.ts';
import { followGateway } from '../api/live.ts';
import { runOutbox } from '../api/outbox.ts';
import { allOperators, allSources, queryClient } from '../api/queries.ts';
import { Refusal } from '../api/request.ts';
import { sessionStore, useSession } from '../api/session.ts';
import { bringWords } from '../i18n/language.ts';
import { router } from '../routes.tsx';
import { deskStore } from '../state/desk-store.ts';
import type { Credential, Identity, Session } from '../state/session.ts';
import { bringTheRest, lazily, useEver } from '../ui/lazily.tsx';
import classes from './gate.module.css';
import { forgetWhatWasSeen } from './sign-out.ts';

async function withWords<T>(page: Promise<T>): Promise<T> {
  await bringWords('doors');
  return page;
}
const SignIn = lazily(async () => (await withWords(import('../doors/sign-in.tsx'))).SignIn);
const AskAgain = lazily(async () => (await withWords(import('../doors/ask-again.tsx'))).AskAgain);
const Door = lazily(async () => (await withWords(import('../doors/door-page.tsx'))).DoorPage);

const CHECK_AGAIN_MS = 2_000;
const REST_AFTER_MS = 3_000;

/** Lets nobody in who has not said who it is; some pages stand before the gate. */
export function Gate({ children }: { children: ReactNode }) {
  const door = useDoor();
  if (door === null) return <Entrance>{children}</Entrance>;
  return (
    <main className={classes.gate}>
      <Door door={door} />
    </main>
  );
}

/** Whoever is no longer accepted is asked over the page, which stays as it is. */
function Entrance({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  useCheck(session);
  useLiveDesk(session);
  const wasExpired = useEver(session.kind === 'expired');

  switch (session.kind) {
    case 'signed-out':
      return (
        <main className={classes.gate}>
          <SignIn />
        </main>
      );
    case 'unproven':
      return (
        <main className={classes.gate}>
          <Loader aria-label={t('loading')} />
        </main>
      );
    case 'signed-in':
    case 'expired':
      return (
        <>
          {children}
          {wasExpired && <AskAgain isOpen={session.kind === 'expired'} />}
        </>
      );
  }
}

/** A token of the last visit or of a link, and the cookie, are believed once the gateway has said whose they are. */
function useCheck(session: Session): void {
  const credential = session.kind === 'unproven' ? session.credential : null;
  useEffect(() => {
    if (credential === null) return;
    // A link may bring somebody else to an open page.
    queryClient.clear();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const check = async () => {
      const isKnown = await identify(credential);
      if (!isKnown && !isOver) timer = setTimeout(() => void check(), CHECK_AGAIN_MS);
    };
    void check();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [credential]);
}

/** Asks for whom a credential speaks; false when no answer came that says it. */
async function identify(credential: Credential): Promise<boolean> {
  try {
    await finishLeaving();
    sessionStore.dispatch({ type: 'identified', credential, identity: await whoAmI(credential) });
  } catch (error) {
    // It may speak for nobody here: a token that may only create contacts.
    const isRefused = error instanceof Refusal && ['unauthorized', 'forbidden'].includes(error.code);
    if (!isRefused) return false;
    sessionStore.dispatch({ type: 'refused', credential });
  }
  return true;
}

/** The line to the gateway and the outbox work while somebody is signed in. */
function useLiveDesk(session: Session): void {
  const credential = session.kind === 'signed-in' ? session.credential : null;
  const person = session.kind === 'signed-in' ? personOf(session.identity) : null;
  const lastSeen = useRef(person);
  useEffect(() => {
    const current = sessionStore.get();
    if (credential === null || person === null || current.kind !== 'signed-in') return;
    if (lastSeen.current !== null && lastSeen.current !== person) {
      forgetWhatWasSeen();
      // The page that is open may not be there for this one.
      void router.invalidate();
    }
    lastSeen.current = person;
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
  }, [credential, person]);
}

/** Who sees what: with another operator or another role, everything has to be read anew. */
function personOf({ operator, role }: Identity): string {
  return `${role}:${operator?.id ?? ''}`;
}
