import { Alert } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Simulation } from '../../../src/contract/simulate.ts';
import { span } from '../ui/span.ts';
import { deadlockOf } from './outcome.ts';
import classes from './what-if.module.css';

/** What has to be known to read the figures. */
export function ResultNotes({ answer }: { answer: Simulation }) {
  const { t, i18n } = useTranslation('rooms');
  const { imputed, imputed_seconds: seconds } = answer;
  return (
    <>
      {deadlockOf(answer) === 'changed' && (
        <Alert color="red" variant="outline" icon={<TriangleAlert size={18} />} mb="md">
          {t('whatIf.result.nobodyChanged')} {t('whatIf.result.nobodyText')}
        </Alert>
      )}
      {imputed > 0 && (
        <p className={classes.meta}>
          {seconds === null
            ? t('whatIf.result.endless')
            : t('whatIf.result.imputed', { count: imputed, time: span(seconds, i18n.language) })}
        </p>
      )}
    </>
  );
}

const assumed = ['present', 'empty', 'only', 'oldest', 'stays'] as const;

export function Assumptions() {
  const { t } = useTranslation('rooms');
  return (
    <details className={classes.assumptions}>
      <summary>{t('whatIf.result.assumptions')}</summary>
      <ul>
        {assumed.map((each) => (
          <li key={each}>{t(`whatIf.result.assumed.${each}`)}</li>
        ))}
      </ul>
    </details>
  );
}
