import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLine } from '../api/live.ts';
import { StatusDot } from '../ui/status-dot.tsx';
import classes from './frame.module.css';

const PATIENCE_MS = 1_000;

/** Says when what is shown may be old; a blip of under a second is not told. */
export function ConnectionLine() {
  const { t } = useTranslation();
  const line = useLine();
  const isOnline = line === 'online';
  const [isLate, setLate] = useState(false);

  useEffect(() => {
    if (isOnline) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isOnline]);

  const isShown = !isOnline && isLate;
  return (
    <span role="status" className={isShown ? classes.line : undefined} data-line={isShown ? line : 'online'}>
      {isShown && (
        <>
          <StatusDot tone="warn" isPulsing />
          {t(`line.${line}`)}
        </>
      )}
    </span>
  );
}
