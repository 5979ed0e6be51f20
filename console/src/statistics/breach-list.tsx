import { Button } from '@mantine/core';
import { Wrench } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Invariants } from '../../../src/contract/invariants.ts';
import { useIdentity } from '../api/session.ts';
import { Card } from '../ui/page.tsx';
import { BreachSubject } from './breach-subject.tsx';
import classes from './invariants.module.css';
import { isRepairable } from './subjects.ts';
import type { Repair } from './use-repair.ts';

/** What does not hold, and of whom; admins may have it repaired where that can be done. */
export function BreachList({ found, repair }: { found: Invariants; repair: Repair }) {
  const { t } = useTranslation('rooms');
  const mayRepair = useIdentity().role === 'admin';
  const broken = found.checks.filter(({ ok }) => !ok);
  return (
    <Card>
      <div className={classes.breaches}>
        {broken.map(({ name, breaches, examples }) => (
          <div key={name}>
            <h3 className={classes.name}>{t(`invariants.names.${name}`)}</h3>
            <ul className={classes.list}>
              {examples.map(({ subject, detail }) => (
                <li key={subject}>
                  <BreachSubject label={subject} />
                  {/* The gateway's own words are English; they have the numbers. */}
                  <div className={classes.soft} lang="en">
                    {detail}
                  </div>
                </li>
              ))}
              {breaches > examples.length && (
                <li>{t('invariants.more', { count: breaches - examples.length })}</li>
              )}
            </ul>
            {(name === 'one-operator' || name === 'trail') && (
              <p className={classes.soft}>{t('invariants.forPerson')}</p>
            )}
          </div>
        ))}
        {mayRepair && isRepairable(broken) && (
          <div className={classes.repair}>
            <Button leftSection={<Wrench size={16} />} onClick={repair.repair} loading={repair.isRepairing}>
              {t('invariants.repair')}
            </Button>
            <span className={classes.soft}>{t('invariants.repairHint')}</span>
          </div>
        )}
      </div>
    </Card>
  );
}
