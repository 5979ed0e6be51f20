import { useTranslation } from 'react-i18next';
import type { HandOverPlan } from '../../../src/contract/operator.ts';
import { wordsOf } from '../shell/words.ts';
import { Asked } from '../sources/asked.tsx';
import { FaultLine } from '../sources/fault-line.tsx';
import classes from './operators.module.css';
import { type HandOverPreviewQuery, isPlanChanged } from './use-hand-over.ts';

/** Who would get how much, before it is done; `error` is that of the last try to do it. */
export function HandOverPreview({ query, error }: { query: HandOverPreviewQuery; error: Error | null }) {
  return (
    <div className={classes.form} aria-live="polite">
      <Asked query={query}>{(plan) => <PlanList plan={plan} />}</Asked>
      {isPlanChanged(error) && <FaultLine text={wordsOf(error)} />}
    </div>
  );
}

function PlanList({ plan: { moves, waiting } }: { plan: HandOverPlan }) {
  const { t } = useTranslation('rooms');
  const shares = new Map<number, { name: string; count: number }>();
  for (const { to } of moves)
    if (to !== null) shares.set(to.id, { name: to.name, count: (shares.get(to.id)?.count ?? 0) + 1 });
  if (moves.length === 0) return <p className={classes.text}>{t('operators.nothingToHandOver')}</p>;
  return (
    <ul className={classes.plan}>
      {[...shares].map(([id, { name, count }]) => (
        <li key={id}>{t('operators.gets', { name, count })}</li>
      ))}
      {waiting > 0 && <li>{t('operators.wait', { count: waiting })}</li>}
    </ul>
  );
}
