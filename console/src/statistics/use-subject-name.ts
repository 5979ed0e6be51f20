import { useTranslation } from 'react-i18next';
import { useDesk } from '../state/desk-store.ts';
import { subjectOf } from './subjects.ts';

/** Of whom or what a breach is, in words. */
export function useSubjectName(): (label: string) => string {
  const { t } = useTranslation('rooms');
  const operators = useDesk((desk) => desk.operators);
  return (label) => {
    const subject = subjectOf(label);
    switch (subject.kind) {
      case 'operator': {
        const { id } = subject;
        const name = operators.get(id)?.name;
        return name === undefined
          ? t('invariants.operatorUnknown', { id })
          : t('invariants.operator', { name, id });
      }
      case 'contact':
        return t('invariants.contact', { id: subject.id });
      case 'unknown':
        return subject.label;
    }
  };
}
