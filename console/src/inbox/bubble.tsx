import { Check, CircleAlert, CircleQuestionMark, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import type { Attachment, Message } from '../../../src/contract/message.ts';
import { useDesk } from '../state/desk-store.ts';
import type { Outgoing } from '../state/outbox.ts';
import { LinkedText } from '../ui/linked-text.tsx';
import { clockTime, fullTime } from '../ui/time.ts';
import { useOperatorName } from './names.ts';
import { Outcome, OutgoingOutcome } from './outcome.tsx';
import classes from './thread.module.css';

type Props = { message: Message; contact: Contact; isFirst: boolean };

/** One thing that was said. Notes look different: only the team sees them. */
export function Bubble({ message, contact, isFirst }: Props) {
  const { t, i18n } = useTranslation('inbox');
  const isOut = message.author !== 'lead';
  const hidden = message.attachments.filter((attachment) => !attachment.supported);
  const isPlaceholder = hidden.length > 0 && message.text.startsWith('not supported yet');
  return (
    <article className={classes.bubble} data-author={message.author} data-out={isOut} data-first={isFirst}>
      {isFirst && <Speaker message={message} />}
      <div className={classes.words}>
        {!isPlaceholder && message.text !== '' && (
          <p className={classes.text}>
            <LinkedText text={message.text} />
          </p>
        )}
        {message.attachments.map((attachment, index) => (
          <AttachmentLine key={index} attachment={attachment} />
        ))}
        <p className={classes.meta}>
          {message.edited_at !== null && <span>{t('thread.edited')}</span>}
          <time dateTime={message.created_at} title={fullTime(message.created_at, i18n.language)}>
            {clockTime(message.created_at, i18n.language)}
          </time>
          <StateMark message={message} />
        </p>
      </div>
      <Outcome message={message} contact={contact} />
    </article>
  );
}

function Speaker({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const nameOf = useOperatorName();
  const me = useDesk((desk) => desk.me?.id ?? null);
  const who =
    message.operator_id === null
      ? null
      : message.operator_id === me
        ? t('thread.you')
        : nameOf(message.operator_id);
  switch (message.author) {
    case 'lead':
      return null;
    case 'bot':
      return <p className={classes.speaker}>{t('thread.bot')}</p>;
    case 'operator':
      return <p className={classes.speaker}>{who}</p>;
    case 'note':
      return (
        <p className={classes.speaker}>
          {t('thread.note')} · {who === null ? '' : `${who} · `}
          {t('thread.noteHint')}
        </p>
      );
  }
}

function AttachmentLine({ attachment }: { attachment: Attachment }) {
  const { t, i18n } = useTranslation('inbox');
  const key = `media.${attachment.kind}` as 'media.photo';
  const kind = i18n.exists(`inbox:${key}`) ? t(key) : t('media.other', { kind: attachment.kind });
  if (!attachment.supported) return <p className={classes.hidden}>{t('thread.notSupported', { kind })}</p>;
  const label = attachment.name ?? kind;
  if (attachment.url === null) return <p className={classes.hidden}>{label}</p>;
  return (
    <p className={classes.text}>
      <LinkedText text={`${label}: ${attachment.url}`} />
    </p>
  );
}

function StateMark({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const size = 14;
  switch (message.status) {
    case null:
      return null;
    case 'queued':
    case 'sending':
      return <Clock size={size} role="img" aria-label={t(`state.${message.status}`)} />;
    case 'sent':
      return <Check size={size} role="img" aria-label={t('state.sent')} />;
    case 'failed':
      return <CircleAlert size={size} role="img" aria-label={t('state.failed')} />;
    case 'uncertain':
      return <CircleQuestionMark size={size} role="img" aria-label={t('state.uncertain')} />;
  }
}

/** What was written and is not yet known to be kept. */
export function OutgoingBubble({ outgoing }: { outgoing: Outgoing }) {
  return (
    <article className={classes.bubble} data-author={outgoing.kind === 'note' ? 'note' : 'operator'} data-out>
      <div className={classes.words}>
        <p className={classes.text}>
          <LinkedText text={outgoing.text} />
        </p>
        <p className={classes.meta}>
          <OutgoingMark outgoing={outgoing} />
        </p>
      </div>
      <OutgoingOutcome outgoing={outgoing} />
    </article>
  );
}

function OutgoingMark({ outgoing }: { outgoing: Outgoing }) {
  const { t } = useTranslation('inbox');
  const size = 14;
  switch (outgoing.state.kind) {
    case 'waiting':
      return <Clock size={size} role="img" aria-label={t('state.queued')} />;
    case 'refused':
      return <CircleAlert size={size} role="img" aria-label={t('state.notKept')} />;
    case 'unclear':
      return <CircleQuestionMark size={size} role="img" aria-label={t('state.unclear')} />;
  }
}
