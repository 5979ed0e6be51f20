import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { SourceId } from '../../../src/contract/ids.ts';
import type { SourceKind, SourceState as State } from '../../../src/contract/source.ts';
import { healthOf } from '../api/admin-queries.ts';
import { useNow } from '../ui/clock.ts';
import { StatusDot, type Tone } from '../ui/status-dot.tsx';
import { fullTime, shortTime } from '../ui/time.ts';
import classes from './sources.module.css';
import { useAdvice } from './use-advice.ts';

const tones: Record<State, Tone> = {
  stopped: 'off',
  starting: 'warn',
  running: 'good',
  conflict: 'bad',
  unauthorized: 'bad',
  unreachable: 'bad',
};

/** A dot and words for how the source does, and what its bot is called. */
export function SourceState({ id }: { id: SourceId }) {
  const { t } = useTranslation(['rooms', 'shell']);
  const { data: health, isPending } = useQuery(healthOf(id));
  const advice = useAdvice(health?.advice ?? null);
  if (health === undefined)
    return <span className={classes.soft}>{t(isPending ? 'shell:loading' : 'sources.states.unknown')}</span>;
  const { state, bot_username, pending_updates, last_error } = health;
  const isBad = tones[state] === 'bad';
  return (
    <>
      <StateWords state={state} />
      <div className={classes.soft}>
        {[
          bot_username === null || bot_username === '' ? null : `@${bot_username}`,
          pending_updates === null || pending_updates === 0
            ? null
            : t('sources.pending', { count: pending_updates }),
        ]
          .filter((part) => part !== null)
          .join(' · ')}
      </div>
      {(advice !== null || isBad) && <div className={classes.soft}>{advice ?? last_error}</div>}
    </>
  );
}

export function StateWords({ state }: { state: State }) {
  const { t } = useTranslation('rooms');
  return (
    <span className={classes.state}>
      <StatusDot tone={tones[state]} isPulsing={state === 'starting'} />
      {t(`sources.states.${state}`)}
    </span>
  );
}

/** When the last message came; of others than bots the gateway may not know it. */
export function LastUpdate({ id, kind }: { id: SourceId; kind: SourceKind }) {
  const { t, i18n } = useTranslation('rooms');
  const now = useNow();
  const { data: health } = useQuery(healthOf(id));
  if (health === undefined) return '–';
  const at = health.last_update_at;
  if (at === null && kind !== 'telegram') return '–';
  if (at === null) return <span className={classes.soft}>{t('never')}</span>;
  return (
    <time dateTime={at} title={fullTime(at, i18n.language)}>
      {shortTime(at, now, i18n.language)}
    </time>
  );
}
