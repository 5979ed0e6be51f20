import { Ban } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Unreachable } from '../../../src/contract/contact.ts';
import { fullTime } from '../ui/time.ts';
import classes from './unreachable.module.css';

/** Why the lead cannot be reached, since when, and what that means for a reply. */
export function UnreachableLine({ unreachable }: { unreachable: Unreachable }) {
  const { t, i18n } = useTranslation('inbox');
  const { reason, since } = unreachable;
  return (
    <div className={classes.line} role="status">
      <Ban size={18} aria-hidden />
      <p>
        <b>{t(`unreachable.reasons.${reason}`)}</b>{' '}
        <span className={classes.since}>
          {t('unreachable.since', { time: fullTime(since, i18n.language) })}
        </span>
        <br />
        {t(`unreachable.meanings.${reason}`)}
      </p>
    </div>
  );
}
