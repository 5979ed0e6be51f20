import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Invariants } from '../../../src/contract/invariants.ts';
import { invariantsNow } from '../api/admin-queries.ts';
import { wordsOf } from '../shell/words.ts';
import { useSecond } from '../ui/clock.ts';
import { StatusDot } from '../ui/status-dot.tsx';
import { BreachList } from './breach-list.tsx';
import { useRepair } from './use-repair.ts';
import { RepairReport } from './repair-report.tsx';
import classes from './invariants.module.css';

/** Whether everything holds that always has to: a quiet line, or what does not, and what was done about it. */
export function InvariantsSection() {
  const { t } = useTranslation('rooms');
  const { data, error, dataUpdatedAt: at } = useQuery(invariantsNow);
  const repair = useRepair();
  return (
    <section className={classes.section} aria-label={t('invariants.title')}>
      <p className={classes.line}>
        <span role="status" className={classes.verdict}>
          <Verdict found={data} error={error} />
        </span>
        {data !== undefined && error === null && <CheckedAgo at={at} />}
      </p>
      {data?.ok === false && <BreachList found={data} repair={repair} />}
      {repair.done !== null && <RepairReport done={repair.done} />}
    </section>
  );
}

function Verdict({ found, error }: { found: Invariants | undefined; error: Error | null }) {
  const { t } = useTranslation('rooms');
  if (error !== null)
    return (
      <>
        <StatusDot tone="off" />
        {t('invariants.failed', { why: wordsOf(error) })}
      </>
    );
  if (found === undefined)
    return (
      <>
        <StatusDot tone="off" isPulsing />
        {t('invariants.checking')}
      </>
    );
  const count = found.checks.reduce((sum, { breaches }) => sum + breaches, 0);
  return (
    <>
      <StatusDot tone={found.ok ? 'good' : 'bad'} />
      {found.ok ? t('invariants.hold') : <strong>{t('invariants.broken', { count })}</strong>}
    </>
  );
}

/** Outside of what is announced: it changes every second. */
function CheckedAgo({ at }: { at: number }) {
  const { t, i18n } = useTranslation('rooms');
  const seconds = Math.max(0, Math.floor((useSecond() - at) / 1000));
  const format = new Intl.RelativeTimeFormat(i18n.language, { style: 'short' });
  const ago =
    seconds < 60 ? format.format(-seconds, 'second') : format.format(-Math.floor(seconds / 60), 'minute');
  return <span className={classes.soft}> · {t('invariants.checked', { ago })}</span>;
}
