import { Check, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Difference } from './draft.ts';
import { keyOf } from './draft.ts';
import type { Progress } from './use-applying.ts';
import { useLine } from './use-line.ts';
import classes from './what-if.module.css';

/** What each step changes, and how it went once it was tried. */
export function StepList({ progress }: { progress: readonly Progress[] }) {
  const line = useLine();
  return (
    <ul className={classes.lines}>
      {progress.flatMap(({ step, outcome }) =>
        step.differences.map((difference: Difference) => (
          <li key={keyOf(difference)}>
            {line(difference)} <Outcome outcome={outcome} />
          </li>
        )),
      )}
    </ul>
  );
}

function Outcome({ outcome }: Pick<Progress, 'outcome'>) {
  const { t } = useTranslation('rooms');
  if (outcome === null) return null;
  if (outcome === 'done')
    return <Check size={16} className={classes.done} role="img" aria-label={t('whatIf.apply.done')} />;
  return (
    <span className={classes.failed}>
      <TriangleAlert size={16} aria-hidden /> {outcome.fault}
    </span>
  );
}
