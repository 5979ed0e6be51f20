import { useTranslation } from 'react-i18next';
import classes from './load-bar.module.css';

const BUSY = 0.8;

/** "3/5" and a bar of the same; a cap of 0 is full. */
export function LoadBar({ load, max }: { load: number; max: number }) {
  const { t } = useTranslation('rooms');
  const part = max === 0 ? 1 : load / max;
  const tone = part >= 1 ? 'full' : part >= BUSY ? 'busy' : 'free';
  return (
    <span className={classes.load}>
      <span className={classes.bar} aria-hidden>
        <span className={classes.fill} data-tone={tone} style={{ width: `${Math.min(1, part) * 100}%` }} />
      </span>
      {t('operators.loadOf', { load, max })}
    </span>
  );
}
