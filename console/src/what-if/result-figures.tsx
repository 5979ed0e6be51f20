import { useTranslation } from 'react-i18next';
import type { Simulation } from '../../../src/contract/simulate.ts';
import { span } from '../ui/span.ts';
import { whole } from '../ui/time.ts';
import { waitsOf } from './outcome.ts';
import { PairFigure } from './pair.tsx';
import classes from './what-if.module.css';

/** How long the contacts wait, and how many. */
export function ResultFigures({ answer }: { answer: Simulation }) {
  const { t, i18n } = useTranslation('rooms');
  const waits = waitsOf(answer);
  return (
    <>
      <h3 className={classes.subheading}>{t('whatIf.result.waits')}</h3>
      <dl className={classes.figures}>
        {(['p50', 'p95', 'max', 'waited', 'stillWaiting'] as const).map((figure) => (
          <div key={figure}>
            <dt>{t(`whatIf.result.${figure}`)}</dt>
            <dd>
              <PairFigure
                pair={waits[figure]}
                show={(value) =>
                  figure === 'waited' || figure === 'stillWaiting'
                    ? whole(value, i18n.language)
                    : span(value, i18n.language)
                }
                better="less"
              />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
