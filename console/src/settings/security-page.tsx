import { useTranslation } from 'react-i18next';
import { useIdentity, useSession } from '../api/session.ts';
import { credentialOf } from '../state/session.ts';
import { Card } from '../ui/page.tsx';
import { PasswordForm } from './password-form.tsx';
import { SessionList } from './session-list.tsx';
import { SettingsFrame } from './settings-frame.tsx';
import classes from './settings.module.css';

/** Where I am signed in, and my password. */
export function SecurityPage() {
  const { t } = useTranslation('settings');
  const { operator } = useIdentity();
  return (
    <SettingsFrame title={t('security.title')} text={t('security.text')}>
      {operator === null ? (
        <Card>
          <p className={`${classes.card} ${classes.text}`}>{t('security.nobody')}</p>
        </Card>
      ) : (
        <>
          <SessionList />
          <PasswordCard email={operator.email} />
        </>
      )}
    </SettingsFrame>
  );
}

function PasswordCard({ email }: { email: string | null }) {
  const { t } = useTranslation('settings');
  const isByToken = credentialOf(useSession())?.kind === 'token';
  return (
    <Card label={t('password.title')}>
      <div className={classes.card}>
        <h2 className={classes.heading}>{t('password.title')}</h2>
        {isByToken ? <p className={classes.text}>{t('password.byToken')}</p> : <PasswordForm email={email} />}
      </div>
    </Card>
  );
}
