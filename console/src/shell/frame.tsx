import { useMatch, Link, Outlet } from '@tanstack/react-router';
import { BarChart3, FlaskConical, Inbox, Radio, Scale, Settings, Users } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useIdentity } from '../api/session.ts';
import { useDesk } from '../state/desk-store.ts';
import { countUnanswered } from '../state/views.ts';
import { Brand } from './brand.tsx';
import { ConnectionLine } from './connection-line.tsx';
import classes from './frame.module.css';
import { OwnState } from './own-state.tsx';
import { SettingsMenu } from './settings-menu.tsx';
import { ToastRack, useRackWanted } from './toasts.ts';

/** The header, the sections and the page. */
export function Frame() {
  const { t } = useTranslation();
  const { role, demo } = useIdentity();
  const inbox = useMatch({ from: '/inbox/$view/{-$id}', shouldThrow: false });
  const hasToasts = useRackWanted();
  useTitle();
  return (
    // On a phone an open conversation has the whole screen.
    <div className={classes.frame} data-deep={inbox?.params.id !== undefined} data-rail={role !== 'operator'}>
      {demo && <p className={classes.demo}>{t('demo')}</p>}
      <header className={classes.header}>
        <Link to="/" className={classes.home} aria-label="Leadgate">
          <Brand />
        </Link>
        <ConnectionLine />
        <div className={classes.spring} />
        <OwnState />
        <SettingsMenu />
      </header>
      {role !== 'operator' && <Sections />}
      <main className={classes.main}>
        <Outlet />
      </main>
      {hasToasts && <ToastRack />}
    </div>
  );
}

function Sections() {
  const { t } = useTranslation();
  return (
    <nav className={classes.nav} aria-label={t('nav.label')}>
      <Link to="/" className={classes.section} {...useInboxCurrent()}>
        <Inbox size={20} aria-hidden />
        <span>{t('nav.inbox')}</span>
      </Link>
      <Link to="/sources" className={classes.section}>
        <Radio size={20} aria-hidden />
        <span>{t('nav.sources')}</span>
      </Link>
      <Link to="/operators" className={classes.section}>
        <Users size={20} aria-hidden />
        <span>{t('nav.operators')}</span>
      </Link>
      <Link to="/weights" className={classes.section}>
        <Scale size={20} aria-hidden />
        <span>{t('nav.weights')}</span>
      </Link>
      <Link to="/statistics" className={classes.section}>
        <BarChart3 size={20} aria-hidden />
        <span>{t('nav.statistics')}</span>
      </Link>
      <Link to="/what-if" className={classes.section}>
        <FlaskConical size={20} aria-hidden />
        <span>{t('nav.whatIf')}</span>
      </Link>
      <Link to="/settings" className={classes.section} data-spare>
        <Settings size={20} aria-hidden />
        <span>{t('nav.settings')}</span>
      </Link>
    </nav>
  );
}

// A link to one view is current for them all.
function useInboxCurrent() {
  const inbox = useMatch({ from: '/inbox/$view/{-$id}', shouldThrow: false });
  return inbox === undefined ? {} : ({ 'aria-current': 'page' } as const);
}

/** "(3) Leadgate": so many of my contacts wait for my word. */
function useTitle(): void {
  const unanswered = useDesk((desk) => countUnanswered(desk.contacts, desk.me?.id ?? null));
  useEffect(() => {
    document.title = unanswered === 0 ? 'Leadgate' : `(${unanswered}) Leadgate`;
  }, [unanswered]);
}
