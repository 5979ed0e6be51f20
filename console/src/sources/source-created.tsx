import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CreatedSource } from '../../../src/contract/source.ts';
import { CopyField } from './copy-field.tsx';
import { curlOf } from './curl.ts';
import classes from './sources.module.css';

/** What is to be known of a new source: its bot, its secret (this once), a first call, and what comes next. */
export function SourceCreated({ source, onLeave }: { source: CreatedSource; onLeave: () => void }) {
  const { t } = useTranslation('rooms');
  const curl = curlOf(source, location.origin);
  const secret = source.webhook?.secret;
  const bot = source.telegram?.bot_username;
  return (
    <div className={classes.form}>
      {source.telegram !== undefined && (
        <p className={classes.text} role="status">
          {bot == null || bot === '' ? t('sources.botUnasked') : t('sources.bot', { name: bot })}
        </p>
      )}
      {secret !== undefined && (
        <>
          <p className={classes.text}>{t('sources.secretText')}</p>
          <CopyField label={t('sources.secret')} text={secret} />
        </>
      )}
      {curl !== null && <CopyField label={t('sources.curl')} text={curl} rows={5} />}
      <p className={classes.text}>{t('sources.nextWeights')}</p>
      <Group justify="flex-end">
        {secret === undefined && (
          <Button variant="default" component={Link} to="/weights">
            {t('sources.toWeights')}
          </Button>
        )}
        <Button onClick={onLeave} data-autofocus>
          {t(secret === undefined ? 'sources.done' : 'sources.secretDone')}
        </Button>
      </Group>
    </div>
  );
}
