import { useTranslation } from 'react-i18next';
import type { InvariantRepair } from '../../../src/contract/invariants.ts';
import { useOperatorName } from '../inbox/names.ts';
import classes from './invariants.module.css';
import { standingOf, type Standing } from './subjects.ts';
import { useSubjectName } from './use-subject-name.ts';

/** What a repair has done. */
export function RepairReport({ done: { repaired, remaining } }: { done: InvariantRepair }) {
  const { t } = useTranslation('rooms');
  const name = useSubjectName();
  const show = useStanding();
  return (
    <div role="status" className={classes.report}>
      {repaired.length === 0 ? (
        <p>{t('invariants.repairedNothing')}</p>
      ) : (
        <>
          <p>{t('invariants.repaired')}:</p>
          <ul className={classes.list}>
            {repaired.map(({ invariant, subject, before, after }) => (
              <li key={`${invariant} ${subject}`}>
                {t(`invariants.${invariant === 'load' ? 'repairedLoad' : 'repairedMove'}`, {
                  subject: name(subject),
                  before: show(standingOf(before)),
                  after: show(standingOf(after)),
                })}
              </li>
            ))}
          </ul>
        </>
      )}
      {remaining.length > 0 && <p>{t('invariants.remains')}</p>}
    </div>
  );
}

function useStanding(): (standing: Standing) => string {
  const { t } = useTranslation('rooms');
  const operatorName = useOperatorName();
  return (standing) => {
    if (standing.kind === 'load') return String(standing.load);
    if (standing.operatorId !== null)
      return t('invariants.assigned', { name: operatorName(standing.operatorId) });
    return t(standing.status === 'closed' ? 'invariants.closed' : 'invariants.waiting');
  };
}
