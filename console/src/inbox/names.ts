import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import type { OperatorId } from '../../../src/contract/ids.ts';
import type { SourceKind } from '../../../src/contract/source.ts';
import { useDesk } from '../state/desk-store.ts';

type Person = { external_id: string; name: string | null };

/** A person without a name is a guest. */
export function useLeadName(): (lead: Person) => string {
  const { t } = useTranslation('inbox');
  return (lead) => (lead.name ?? '').trim() || t('guest');
}

/** The name of any operator; of one we may not see, its number. */
export function useOperatorName(): (id: OperatorId) => string {
  const { t } = useTranslation('inbox');
  const operators = useDesk((desk) => desk.operators);
  const me = useDesk((desk) => desk.me);
  return (id) => {
    if (me?.id === id) return me.name;
    return operators.get(id)?.name ?? t('thread.colleague', { id });
  };
}

export function useSourceKind(contact: Contact): SourceKind | null {
  return useDesk((desk) => desk.sources.get(contact.source_id)?.kind ?? null);
}
