import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice.tsx';
import { Card } from '../ui/page.tsx';
import { FlaskConical } from 'lucide-react';
import type { Load } from './load.ts';
import { deadlockOf } from './outcome.ts';
import { ResultFigures } from './result-figures.tsx';
import { ResultHead } from './result-head.tsx';
import { Assumptions, ResultNotes } from './result-notes.tsx';
import { ResultTable } from './result-table.tsx';
import type { Ended, Runner } from './use-run.ts';
import classes from './what-if.module.css';

type Props = { runner: Runner; ended: Ended; onLoad: (part: Partial<Load>) => void };

/** What the last run has shown: how it is now beside how it would be. */
export function Result({ runner, ended, onLoad }: Props) {
  return (
    <section className={classes.result} aria-labelledby="what-if-result">
      <ResultHead key={ended.turn} runner={runner} ended={ended} />
      <Body ended={ended} onLoad={onLoad} />
    </section>
  );
}

function Body({ ended: { answer, body }, onLoad }: Omit<Props, 'runner'>) {
  const { t } = useTranslation('rooms');
  if (answer.contacts === 0)
    return (
      <Card>
        <Notice
          icon={<FlaskConical size={26} />}
          title={t('whatIf.result.none')}
          text={t('whatIf.result.noneText')}
          action={
            body.arrivals === undefined && (
              <Button variant="default" onClick={() => onLoad({ kind: 'synthetic' })}>
                {t('whatIf.result.toSynthetic')}
              </Button>
            )
          }
        />
      </Card>
    );
  if (deadlockOf(answer) === 'both')
    return (
      <Card>
        <Notice
          icon={<FlaskConical size={26} />}
          title={t('whatIf.result.nobody')}
          text={t('whatIf.result.nobodyText')}
        />
      </Card>
    );
  return (
    <>
      <ResultNotes answer={answer} />
      <ResultFigures answer={answer} />
      <ResultTable answer={answer} />
      <Assumptions />
    </>
  );
}
