import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { SendHorizontal } from 'lucide-react';
import { useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '../../../src/contract/contact.ts';
import { writeMessage } from '../api/outbox.ts';
import { useIdentity } from '../api/session.ts';
import { useDraft } from '../state/drafts.ts';
import { useShortcuts } from '../ui/keys.ts';
import classes from './composer.module.css';
import type { Actions } from './use-actions.ts';

/** Telegram's limit for one message, and the contract's. */
const LIMIT = 4096;
const TELL_FROM = 3800;

/** Writes replies and notes; when it cannot, it says why and offers the way out. */
export function Composer({ contact, actions }: { contact: Contact; actions: Actions }) {
  const { t } = useTranslation('inbox');
  const [draft, setDraft] = useDraft(contact.id);
  const field = useRef<HTMLTextAreaElement>(null);
  const { rights } = actions;
  const kind = rights.reply ? draft.kind : 'note';
  const focus = (next: 'reply' | 'note') => {
    setDraft({ ...draft, kind: next });
    field.current?.focus();
  };
  useShortcuts({
    KeyR: () => (rights.reply ? focus('reply') : false),
    KeyN: () => (rights.note ? focus('note') : false),
    Escape: () => field.current?.blur(),
  });
  const left = LIMIT - draft.text.length;
  const canSend = draft.text.trim() !== '' && left >= 0;

  function send() {
    if (!canSend) return;
    writeMessage({ contactId: contact.id, kind, text: draft.text.trim(), replyTo: null });
    setDraft({ kind, text: '' });
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <div className={classes.composer} data-kind={kind}>
      {!rights.reply && <WhyNot contact={contact} actions={actions} />}
      {rights.note && (
        <>
          <div className={classes.head}>
            {rights.reply && (
              <SegmentedControl
                size="xs"
                aria-label={t('composer.kind')}
                value={kind}
                onChange={(next) => focus(next === 'note' ? 'note' : 'reply')}
                data={[
                  { value: 'reply', label: t('composer.reply') },
                  { value: 'note', label: t('composer.note') },
                ]}
              />
            )}
            {left < LIMIT - TELL_FROM && (
              <span className={classes.left} data-over={left < 0} role="status">
                {left >= 0 ? t('composer.left', { count: left }) : t('composer.tooLong', { count: -left })}
              </span>
            )}
          </div>
          <div className={classes.row}>
            <Textarea
              ref={field}
              className={classes.field}
              aria-label={t(kind === 'note' ? 'composer.noteLabel' : 'composer.label')}
              placeholder={t(kind === 'note' ? 'composer.noteHint' : 'composer.replyHint')}
              value={draft.text}
              rows={Math.min(8, Math.max(1, draft.text.split('\n').length))}
              onChange={(event) => setDraft({ kind, text: event.currentTarget.value })}
              onKeyDown={onKeyDown}
            />
            <Button
              onClick={send}
              disabled={!canSend}
              leftSection={<SendHorizontal size={16} aria-hidden />}
              className={classes.send}
            >
              {t(kind === 'note' ? 'composer.saveNote' : 'composer.send')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function WhyNot({ contact, actions }: { contact: Contact; actions: Actions }) {
  const { t } = useTranslation('inbox');
  const { operator } = useIdentity();
  const { rights, take, reopen } = actions;
  const canTake = rights.take || rights.takeOver;
  return (
    <div className={classes.whyNot}>
      <span>
        {reasonOf()} {rights.note && t('composer.onlyNotes')}
      </span>
      {canTake && (
        <Button size="compact-sm" variant="light" onClick={() => take.mutate()}>
          {t(rights.take ? 'actions.take' : 'actions.takeOver')}
        </Button>
      )}
      {rights.reopen && (
        <Button size="compact-sm" variant="light" onClick={() => reopen.mutate()}>
          {t('actions.reopen')}
        </Button>
      )}
    </div>
  );

  function reasonOf(): string {
    if (contact.status === 'closed') return t('composer.closed');
    if (operator === null) return t('composer.noOperator');
    if (contact.status === 'waiting') return t('composer.waiting');
    return t('composer.othersContact', { name: contact.operator?.name ?? '' });
  }
}
