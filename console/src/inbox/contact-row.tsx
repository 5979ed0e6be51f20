import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import { useDesk } from '../state/desk-store.ts';
import { useDraftText } from '../state/drafts.ts';
import { lastActivity, waitingSince } from '../state/views.ts';
import { useNow } from '../ui/clock.ts';
import { Monogram } from '../ui/monogram.tsx';
import { duration, fullTime, shortTime } from '../ui/time.ts';
import classes from './list.module.css';
import { useLeadName, useSourceKind } from './names.ts';
import type { Place } from './place.ts';
import { SourceIcon } from './source-icon.tsx';

type Props = { contact: Contact; place: Place; isTabStop: boolean; onFocus: () => void };

const LONG_WAIT_MS = 10 * 60_000;

export function ContactRow({ contact, place, isTabStop, onFocus }: Props) {
  const { t, i18n } = useTranslation('inbox');
  const now = useNow();
  const name = useLeadName()(contact.lead);
  const kind = useSourceKind(contact);
  const unread = useDesk((desk) =>
    desk.openId === contact.id ? 0 : (desk.unread.get(contact.id)?.count ?? 0),
  );
  const since = waitingSince(contact);
  const at = lastActivity(contact);
  const me = useDesk((desk) => desk.me?.id ?? null);
  const isOffered = contact.offer_expires_at !== null && contact.operator_id === me;
  const isSelected = contact.id === place.id;

  return (
    <Link
      to="/inbox/$view/{-$id}"
      params={{ view: place.view, id: contact.id }}
      search={(held) => held}
      preload={false}
      className={classes.row}
      aria-current={isSelected ? 'true' : undefined}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={onFocus}
      data-unanswered={contact.last_message?.author === 'lead' && contact.status === 'assigned'}
    >
      <Monogram name={name} seed={contact.lead_id} size={44} />
      <span className={classes.name}>{name}</span>
      <time className={classes.time} dateTime={at} title={fullTime(at, i18n.language)}>
        {shortTime(at, now, i18n.language)}
      </time>
      <Preview contact={contact} />
      <span className={classes.marks}>
        {isOffered && <span className={classes.offered}>{t('status.offered')}</span>}
        {unread > 0 && (
          <span className={classes.unread} aria-label={t('list.unread', { count: unread })} role="img">
            {unread}
          </span>
        )}
      </span>
      <span className={classes.facts}>
        <SourceIcon kind={kind} />
        {contact.unreachable === null && <span className={classes.source}>{contact.source.name}</span>}
        {contact.status === 'closed' && <span className={classes.tag}>{t('status.closed')}</span>}
        {place.view === 'all' && contact.operator !== null && contact.status === 'assigned' && (
          <span className={classes.operator}>{contact.operator.name}</span>
        )}
        {contact.unreachable !== null && (
          <span
            className={classes.unreachable}
            title={t(`unreachable.meanings.${contact.unreachable.reason}`)}
          >
            {t(`unreachable.reasons.${contact.unreachable.reason}`)}
          </span>
        )}
        {since !== null && contact.unreachable === null && (
          <span className={classes.wait} data-long={now - Date.parse(since) > LONG_WAIT_MS}>
            {t('list.waitsFor', { time: duration(since, now, i18n.language) })}
          </span>
        )}
      </span>
    </Link>
  );
}

function Preview({ contact }: { contact: Contact }) {
  const { t } = useTranslation('inbox');
  const draft = useDraftText(contact.id);
  const me = useDesk((desk) => desk.me?.id ?? null);
  const last = contact.last_message;

  if (draft !== '' && contact.status !== 'closed')
    return (
      <span className={classes.preview}>
        <span className={classes.draft}>{t('list.draft')}</span> {draft}
      </span>
    );
  const text = last === null ? (contact.text ?? '') : last.text;
  const nothing = last === null ? t('list.noMessages') : t('list.attachment');
  const isMine = last?.author === 'operator' && contact.operator_id === me;
  const speaker = isMine ? t('list.you') : last?.author === 'bot' ? t('list.bot') : null;
  return (
    <span className={classes.preview}>
      {speaker !== null && <span className={classes.speaker}>{speaker} </span>}
      {text.trim() === '' ? nothing : text}
    </span>
  );
}
