import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useIdentity } from '../api/session.ts';
import { Page } from '../ui/page.tsx';
import classes from './settings.module.css';

/** A page of the settings, with the way to the others. */
export function SettingsFrame(props: {
  title: string;
  text: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  const isAdmin = useIdentity().role === 'admin';
  return (
    <Page title={props.title} text={props.text} action={props.action}>
      {isAdmin && <Rooms />}
      {props.children}
    </Page>
  );
}

function Rooms() {
  const { t } = useTranslation('settings');
  return (
    <nav className={classes.rooms} aria-label={t('label')}>
      <Link to="/settings/security" className={classes.room}>
        {t('security.title')}
      </Link>
      <Link to="/settings/tokens" className={classes.room}>
        {t('tokens.title')}
      </Link>
      <Link to="/settings/audit" className={classes.room} activeOptions={{ includeSearch: false }}>
        {t('audit.title')}
      </Link>
    </nav>
  );
}
