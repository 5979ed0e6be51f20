import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './what-if.module.css';

/** "25% → 40%", or one of them where they are the same. */
export function Becomes({ was, is }: { was: string; is: string }) {
  const { t } = useTranslation('rooms');
  if (was === is) return was;
  return (
    <>
      <span className={classes.value}>
        {was} <span aria-hidden>→</span>
      </span>
      <VisuallyHidden>{t('whatIf.result.becomes')}</VisuallyHidden>{' '}
      <span className={classes.value}>{is}</span>
    </>
  );
}
