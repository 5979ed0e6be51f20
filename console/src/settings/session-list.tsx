import { Badge, Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Monitor, Smartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { OwnSession } from '../../../src/contract/access.ts';
import { endOtherSessions, endOwnSession } from '../api/settings-calls.ts';
import { signOut } from '../shell/sign-out.ts';
import { tell, tellFailure } from '../shell/toasts.ts';
import { Asked } from '../sources/asked.tsx';
import { Card } from '../ui/page.tsx';
import { fullTime } from '../ui/time.ts';
import { deviceOf, isPhone } from './device.ts';
import { ownSessions } from './queries.ts';
import classes from './settings.module.css';

/** Where I am signed in, and how that ends. */
export function SessionList() {
  const { t } = useTranslation('settings');
  const query = useQuery(ownSessions);
  return (
    <Card label={t('sessions.title')}>
      <div className={classes.card}>
        <div className={classes.head}>
          <h2 className={classes.heading}>{t('sessions.title')}</h2>
          {query.data?.some((session) => !session.is_current) === true && <EndOthers />}
        </div>
        <Asked query={query}>
          {(sessions) =>
            sessions.length === 0 ? (
              <p className={classes.text}>{t('sessions.none')}</p>
            ) : (
              <ul className={classes.sessions}>
                {sessions.map((session) => (
                  <SessionRow key={session.id} session={session} />
                ))}
              </ul>
            )
          }
        </Asked>
      </div>
    </Card>
  );
}

function EndOthers() {
  const { t } = useTranslation('settings');
  const { refetch } = useQuery(ownSessions);
  const ending = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => tell(t('sessions.othersEnded')),
    onError: tellFailure,
    onSettled: () => refetch(),
  });
  return (
    <Button variant="default" loading={ending.isPending} onClick={() => ending.mutate()}>
      {t('sessions.endOthers')}
    </Button>
  );
}

function SessionRow({ session }: { session: OwnSession }) {
  const { t, i18n } = useTranslation('settings');
  const { refetch } = useQuery(ownSessions);
  const device = deviceOf(session.user_agent) ?? t('sessions.unknown');
  const ending = useMutation({
    mutationFn: () => endOwnSession(session.id),
    onSuccess: () => tell(t('sessions.ended', { device })),
    onError: tellFailure,
    onSettled: () => refetch(),
  });
  const time = (at: string) => fullTime(at, i18n.language);
  const Icon = isPhone(session.user_agent) ? Smartphone : Monitor;
  return (
    <li className={classes.session}>
      <Icon size={22} className={classes.icon} aria-hidden />
      <div title={session.user_agent ?? undefined}>
        <b>{device}</b>
        {session.is_current && <Badge variant="light">{t('sessions.current')}</Badge>}
        <div className={classes.soft}>
          {t('sessions.facts', {
            address: session.address ?? t('sessions.noAddress'),
            used: time(session.last_used_at),
            begun: time(session.created_at),
          })}
        </div>
      </div>
      <Button
        variant="default"
        size="xs"
        loading={ending.isPending}
        aria-label={session.is_current ? undefined : t('sessions.endOf', { device })}
        onClick={() => (session.is_current ? signOut() : ending.mutate())}
      >
        {t(session.is_current ? 'sessions.signOut' : 'sessions.end')}
      </Button>
    </li>
  );
}
