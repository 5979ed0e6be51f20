import { Button, Tooltip } from '@mantine/core';
import { Dices } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { fullTime, whole } from '../ui/time.ts';
import { useLine } from './use-line.ts';
import type { Ended, Runner } from './use-run.ts';
import classes from './what-if.module.css';

type Props = { runner: Runner; ended: Ended };

/** Whoever has run it is brought to what came out. */
function useFocusAtFirst() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'start' });
  }, []);
  return heading;
}

/** Of what the result is: so many contacts, which time and chance, with which edits. */
export function ResultHead({ runner, ended: { answer, differences } }: Props) {
  const heading = useFocusAtFirst();
  const { t, i18n } = useTranslation('rooms');
  const line = useLine();
  const { contacts } = answer;
  const time = `${fullTime(answer.from, i18n.language)} – ${fullTime(answer.to, i18n.language)}`;
  return (
    <>
      <div className={classes.head}>
        <h2 id="what-if-result" className={classes.heading} ref={heading} tabIndex={-1}>
          {t('whatIf.result.title')}
        </h2>
        <div className={classes.basis}>
          <Tooltip label={t('whatIf.result.keptHint')} multiline maw={300}>
            <span>{t('whatIf.result.seed', { seed: answer.seed })}</span>
          </Tooltip>
          <Tooltip label={t('whatIf.result.reseedHint')} multiline maw={300}>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Dices size={16} />}
              onClick={runner.reseed}
              loading={runner.isRunning}
            >
              {t('whatIf.result.reseed')}
            </Button>
          </Tooltip>
        </div>
      </div>
      <p className={classes.meta}>
        {t('whatIf.result.of', { count: contacts, contacts: whole(contacts, i18n.language) })}, {time}.
      </p>
      {contacts > 0 && (
        <p className={classes.meta}>
          {differences.length === 0
            ? t('whatIf.result.asIs')
            : `${t('whatIf.result.with')}: ${differences.map(line).join('; ')}.`}
        </p>
      )}
      {runner.isStale && (
        <p role="status" className={classes.stale}>
          {t('whatIf.result.stale')}
        </p>
      )}
    </>
  );
}
