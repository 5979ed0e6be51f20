import { useTranslation } from 'react-i18next';
import { Becomes } from './becomes.tsx';
import type { Pair } from './outcome.ts';
import classes from './what-if.module.css';

type Props = {
  pair: Pair;
  show: (value: number) => string;
  /** The size of a difference, without its sign, when it is shown in another way than the values. */
  showSize?: (size: number) => string;
  /** Where less is better, the difference is coloured; null where it is neither. */
  better?: 'less' | null;
};

/** A figure of both runs, with the difference below. */
export function PairFigure({ pair: { base, changed }, show, showSize = show, better = null }: Props) {
  const { t } = useTranslation('rooms');
  const difference = changed - base;
  const tone = better === null || difference === 0 ? undefined : difference < 0 ? 'good' : 'bad';
  const [was, is] = [show(base), show(changed)];
  return (
    <>
      <div className={classes.pair}>
        <Becomes was={was} is={is} />
      </div>
      <div className={classes.difference} data-tone={was === is ? undefined : tone}>
        {was === is
          ? t('whatIf.result.same')
          : `${difference < 0 ? '−' : '+'}${showSize(Math.abs(difference))}`}
      </div>
    </>
  );
}
