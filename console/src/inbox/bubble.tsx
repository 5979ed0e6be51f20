import { Check, CircleAlert, CircleQuestionMark, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import type { Attachment, Message } from '../../../src/contract/message.ts';
import { dropOutgoing, retryOutgoing, writeMessage } from '../api/outbox.ts';
import { useDesk } from '../state/desk-store.ts';
import type { Outgoing } from '../state/outbox.ts';
import { LinkedText } from '../ui/linked-text.tsx';
import { clockTime, fullTime } from '../ui/time.ts';
import { useOperatorName } from './names.ts';
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

/** What can be done about a message that did not go out, or may not have. */
function Outcome({ message, contact }: { message: Message; contact: Contact }) {
  const { t, i18n } = useTranslation('inbox');
  const me = useDesk((desk) => desk.me?.id ?? null);
  if (message.status !== 'failed' && message.status !== 'uncertain') return null;
  const isMine = contact.operator_id === me && contact.status === 'assigned';
  const fault = `faults.${message.error ?? ''}` as 'faults.blocked';
  const reason = i18n.exists(`inbox:${fault}`) ? t(fault) : (message.error ?? '');
  const sendAgain = () =>
    writeMessage({ contactId: contact.id, kind: 'reply', text: message.text, replyTo: message.reply_to });
  return (
    <p className={classes.outcome}>
      {message.status === 'failed' ? t('state.failedWhy', { reason }) : t('state.uncertain')}
      {isMine && (
        <button type="button" className={classes.whyLink} onClick={sendAgain}>
          {t(message.status === 'failed' ? 'state.retry' : 'state.again')}
        </button>
      )}
    </p>
  );
}

/** What was written and is not yet known to be kept. */
export function OutgoingBubble({ outgoing }: { outgoing: Outgoing }) {
  const { t } = useTranslation(['inbox', 'problems']);
  const { state, clientId } = outgoing;
  return (
    <article className={classes.bubble} data-author={outgoing.kind === 'note' ? 'note' : 'operator'} data-out>
      <div className={classes.words}>
        <p className={classes.text}>
          <LinkedText text={outgoing.text} />
        </p>
        <p className={classes.meta}>
          {state.kind === 'waiting' ? (
            <Clock size={14} role="img" aria-label={t('state.queued')} />
          ) : (
            <CircleAlert size={14} role="img" aria-label={t('state.failed')} />
          )}
        </p>
      </div>
      {state.kind === 'refused' && (
        <p className={classes.outcome}>
          {t('state.refused', { reason: t(`problems:${state.code}`) })}
          <button type="button" className={classes.whyLink} onClick={() => retryOutgoing(clientId)}>
            {t('state.retry')}
          </button>
          <button type="button" className={classes.whyLink} onClick={() => dropOutgoing(clientId)}>
            {t('state.drop')}
          </button>
        </p>
      )}
    </article>
  );
}
