import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ContactId } from '../../../src/contract/ids.ts';
import { useDesk } from '../state/desk-store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { lazily } from '../ui/lazily.tsx';
import { LeadCard } from './lead-card.tsx';
import classes from './side.module.css';

const Why = lazily(async () => (await import('./why.tsx')).Why);

export type Side = 'lead' | 'why';
type Props = { id: ContactId; side: Side; onSide: (side: Side | null) => void };

/** Beside the thread: who the lead is, or why the contact is where it is. */
export function SidePane({ id, side, onSide }: Props) {
  const { t } = useTranslation('inbox');
  const contact = useDesk((desk) => desk.contacts.get(id));
  const me = useDesk((desk) => desk.me?.id ?? null);
  if (contact === undefined) return null;
  const whyTitle =
    contact.operator === null
      ? t('why.titleNobody')
      : contact.operator.id === me
        ? t('why.title')
        : t('why.titleOther', { name: contact.operator.name });
  const title = side === 'why' ? whyTitle : t('lead.title');
  return (
    <aside className={classes.side} aria-label={title}>
      <header className={classes.header}>
        <h2 className={classes.title}>{title}</h2>
        <IconButton label={t('lead.hide')} onClick={() => onSide(null)}>
          <X size={18} />
        </IconButton>
      </header>
      {side === 'why' ? <Why contact={contact} /> : <LeadCard contact={contact} />}
    </aside>
  );
}
