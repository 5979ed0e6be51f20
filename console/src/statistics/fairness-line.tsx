import { ShieldAlert, ShieldCheck, ShieldQuestionMark } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Distribution } from '../../../src/contract/stats.ts';
import { signed } from '../ui/time.ts';
import classes from './statistics.module.css';

type Source = Distribution['items'][number];

/** Whether a source gives away its contacts fairly, in one sentence. */
export function FairnessLine({ source: { fairness, operators } }: { source: Source }) {
  const { t, i18n } = useTranslation('rooms');
  const { code, cause, contacts, z_score: z } = fairness;
  const name = operators.find((one) => one.operator_id === fairness.operator_id)?.operator_name ?? '';
  const words = (): string => {
    switch (code) {
      case 'no-contacts':
        return t('distribution.no-contacts');
      case 'unknown':
        return t('distribution.unknown');
      case 'unlikely':
        return t('distribution.unlikely', { name, z: signed(z ?? 0, i18n.language) });
      case 'fair':
        if (cause === null) return t('distribution.fair');
        return t('distribution.fairBut', {
          cause: t(`distribution.causes.${cause}`),
          name,
          contacts: signed(contacts ?? 0, i18n.language),
        });
    }
  };
  const Sign = { unlikely: ShieldAlert, unknown: ShieldQuestionMark, fair: ShieldCheck, 'no-contacts': null }[
    code
  ];
  return (
    <span className={classes.fairness} data-code={code}>
      {Sign !== null && <Sign size={16} aria-hidden />}
      {words()}
    </span>
  );
}
