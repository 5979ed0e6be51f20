import { useQuery } from '@tanstack/react-query';
import { Lightbulb } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Source, SourceHealth } from '../../../src/contract/source.ts';
import { healthOf } from '../api/admin-queries.ts';
import { Card } from '../ui/page.tsx';
import { fullTime } from '../ui/time.ts';
import { Asked } from './asked.tsx';
import { useAdvice } from './use-advice.ts';
import { StateWords } from './source-state.tsx';
import classes from './sources.module.css';

/** How a source does, what last went wrong, and what can be done about it. */
export function HealthCard({ source }: { source: Source }) {
  const { t } = useTranslation('rooms');
  const query = useQuery(healthOf(source.id));
  return (
    <Card label={t('sources.health')}>
      <div className={classes.card}>
        <h2 className={classes.heading}>{t('sources.health')}</h2>
        <Asked query={query}>{(health) => <Facts source={source} health={health} />}</Asked>
      </div>
    </Card>
  );
}

function Facts({ source, health }: { source: Source; health: SourceHealth }) {
  const { t, i18n } = useTranslation('rooms');
  const advice = useAdvice(health.advice);
  const time = (at: string | null) => (at === null ? t('never') : fullTime(at, i18n.language));
  const { bot_username: bot, pending_updates: pending, last_error: error } = health;
  return (
    <>
      {advice !== null && (
        <div className={classes.advice} role="status">
          <Lightbulb size={18} aria-hidden />
          <p>
            <b>{t('sources.advice')}</b>
            <br />
            {advice}
          </p>
        </div>
      )}
      <dl className={classes.facts}>
        <dt>{t('sources.state')}</dt>
        <dd>
          <StateWords state={health.state} />
        </dd>
        {bot !== null && bot !== '' && (
          <>
            <dt>{t('sources.botName')}</dt>
            <dd>@{bot}</dd>
          </>
        )}
        {health.mode !== null && (
          <>
            <dt>{t('sources.mode')}</dt>
            <dd>{t(health.mode === 'polling' ? 'sources.polling' : 'sources.webhook')}</dd>
          </>
        )}
        {source.kind === 'telegram' && (
          <>
            <dt>{t('sources.lastUpdate')}</dt>
            <dd>{time(health.last_update_at)}</dd>
          </>
        )}
        {pending !== null && (
          <>
            <dt>{t('sources.pendingTitle')}</dt>
            <dd>{pending}</dd>
          </>
        )}
        <dt>{t('sources.lastError')}</dt>
        <dd>
          {error === null ? t('sources.noError') : error}
          {health.last_error_at !== null && (
            <span className={classes.soft}> {fullTime(health.last_error_at, i18n.language)}</span>
          )}
        </dd>
        <dt>{t('sources.gateway')}</dt>
        <dd>{health.gateway ?? t('sources.noGateway')}</dd>
      </dl>
    </>
  );
}
