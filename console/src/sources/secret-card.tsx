import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Source } from '../../../src/contract/source.ts';
import { Card } from '../ui/page.tsx';
import { fullTime } from '../ui/time.ts';
import { NewSecretDialog } from './new-secret.tsx';
import classes from './sources.module.css';

type Props = { source: Source; webhook: NonNullable<Source['webhook']> };

/** By what the secrets that count are known, and how there comes a new one. */
export function SecretCard({ source, webhook }: Props) {
  const { t, i18n } = useTranslation('rooms');
  const [isAsked, setAsked] = useState(false);
  const until = webhook.previous_secret_until;
  return (
    <Card label={t('sources.secretCard')}>
      <div className={`${classes.card} ${classes.form}`}>
        <h2 className={classes.heading}>{t('sources.secretCard')}</h2>
        <p className={classes.text}>
          {t('sources.secretNow', { hint: webhook.secret_hint })}
          {until !== null && ` ${t('sources.secretBefore', { at: fullTime(until, i18n.language) })}`}
        </p>
        <div>
          <Button variant="default" onClick={() => setAsked(true)}>
            {t('sources.newSecret')}
          </Button>
        </div>
        {isAsked && <NewSecretDialog source={source} webhook={webhook} onLeave={() => setAsked(false)} />}
      </div>
    </Card>
  );
}
