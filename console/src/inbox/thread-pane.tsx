import { Loader } from '@mantine/core';
import { Ghost } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import type { ContactId } from '../../../src/contract/ids.ts';
import { Refusal } from '../api/request.ts';
import { wordsOf } from '../shell/words.ts';
import type { Gone } from '../state/desk.ts';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { Composer } from './composer.tsx';
import { useLeadName } from './names.ts';
import { OfferBar } from './offer-bar.tsx';
import type { Place } from './place.ts';
import type { Side } from './side-pane.tsx';
import { ThreadHeader } from './thread-header.tsx';
import { Thread } from './thread.tsx';
import classes from './thread.module.css';
import { UnreachableLine } from './unreachable.tsx';
import { useActions } from './use-actions.ts';
import { useContact } from './use-contact.ts';

type Props = { id: ContactId; place: Place; side: Side | null; onSide: (side: Side | null) => void };

/** A contact before our eyes: who it is, what was said, and what can be done. */
export function ThreadPane({ id, place, side, onSide }: Props) {
  const { t } = useTranslation(['inbox', 'shell', 'problems']);
  const found = useContact(id);

  switch (found.kind) {
    case 'here':
      return <Conversation contact={found.contact} place={place} side={side} onSide={onSide} />;
    case 'gone':
      return <GoneNotice gone={found.gone} />;
    case 'failed':
      return found.error instanceof Refusal && found.error.code === 'not-found' ? (
        <Notice icon={<Ghost size={26} />} title={t('gone.missingTitle')} text={t('gone.missingText')} />
      ) : (
        <Failure
          title={t('thread.failed')}
          text={wordsOf(found.error)}
          retryLabel={t('shell:retry')}
          onRetry={found.retry}
        />
      );
    case 'loading':
      return (
        <div className={classes.loading}>
          <Loader size="sm" aria-label={t('shell:loading')} />
        </div>
      );
  }
}

function Conversation({ contact, place, side, onSide }: Omit<Props, 'id'> & { contact: Contact }) {
  const { t } = useTranslation('inbox');
  const name = useLeadName()(contact.lead);
  const actions = useActions(contact);

  return (
    <section className={classes.pane} aria-label={t('thread.label', { name })}>
      <ThreadHeader contact={contact} actions={actions} place={place} side={side} onSide={onSide} />
      <Thread contact={contact} onWhy={() => onSide('why')} />
      {contact.unreachable !== null && <UnreachableLine unreachable={contact.unreachable} />}
      {contact.offer_expires_at !== null && (
        <OfferBar contact={contact} until={contact.offer_expires_at} isMine={actions.rights.accept} />
      )}
      <Composer contact={contact} actions={actions} />
    </section>
  );
}

function GoneNotice({ gone }: { gone: Gone }) {
  const { t } = useTranslation('inbox');
  const text = gone.to === null ? t('gone.queueText') : t('gone.withText', { name: gone.to.name });
  return <Notice icon={<Ghost size={26} />} title={t('gone.title')} text={text} />;
}
