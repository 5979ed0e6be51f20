import { useTranslation } from 'react-i18next';
import { useOperatorName } from '../inbox/names.ts';
import { useDesk } from '../state/desk-store.ts';
import { whole } from '../ui/time.ts';
import type { Difference } from './draft.ts';

/** A difference in words: "Anna: cap 5 → 8", "Shop: Boris 30 → 10". */
export function useLine(): (difference: Difference) => string {
  const { t, i18n } = useTranslation('rooms');
  const operatorName = useOperatorName();
  const sources = useDesk((desk) => desk.sources);
  const number = (value: number) => whole(value, i18n.language);
  return (one) => {
    const operator = 'operatorId' in one ? operatorName(one.operatorId) : '';
    const source = 'sourceId' in one ? (sources.get(one.sourceId)?.name ?? `${one.sourceId}`) : '';
    switch (one.kind) {
      case 'active':
        return t(one.value ? 'whatIf.line.active' : 'whatIf.line.inactive', { operator });
      case 'cap':
        return t('whatIf.line.cap', { operator, was: number(one.was), is: number(one.value) });
      case 'strategy': {
        const [was, is] = [t(`sources.strategies.${one.was}`), t(`sources.strategies.${one.value}`)];
        return t('whatIf.line.strategy', { source, was, is });
      }
      case 'weight':
        return t('whatIf.line.weight', {
          source,
          operator,
          was: number(one.was),
          is: number(one.value),
        });
    }
  };
}
