import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldProps } from './source-fields.tsx';
import classes from './sources.module.css';
import { languageName, readTag, tagsOf } from './texts.ts';

/** Telegram's limit for one message, and the contract's. */
const LONGEST = 4096;

/** Where each of what a bot says stands in the draft, and among the gateway's faults. */
const places = {
  greetings: { forAll: 'greeting', field: 'greeting', fields: 'greetings' },
  queueNotices: { forAll: 'queueNotice', field: 'queue_notice', fields: 'queue_notices' },
} as const;

type Props = FieldProps & { about: keyof typeof places };

/** What a bot says of itself: by default, and in the customer's own language. */
export function TextFields({ about, draft, faults, onChange }: Props) {
  const { t, i18n } = useTranslation('rooms');
  const { forAll, field, fields } = places[about];
  const texts = draft[about];
  const setText = (tag: string, text: string) => onChange({ [about]: { ...texts, [tag]: text } });
  return (
    <div className={classes.texts} role="group" aria-label={t(`sources.${about}`)}>
      <p className={classes.soft}>{t(`sources.${about}Hint`)}</p>
      <Textarea
        label={t('sources.forEverybody')}
        value={draft[forAll]}
        onChange={(event) => onChange({ [forAll]: event.currentTarget.value })}
        error={faults[field]}
        maxLength={LONGEST}
        rows={2}
      />
      {tagsOf(texts).map((tag) => (
        <Textarea
          key={tag}
          label={t('sources.inLanguage', { language: languageName(tag, i18n.language), tag })}
          value={texts[tag] ?? ''}
          onChange={(event) => setText(tag, event.currentTarget.value)}
          error={faults[`${fields}.${tag}`]}
          maxLength={LONGEST}
          rows={2}
          lang={tag}
        />
      ))}
      <AddLanguage known={tagsOf(texts)} onAdd={(tag) => setText(tag, '')} />
    </div>
  );
}

function AddLanguage({ known, onAdd }: { known: readonly string[]; onAdd: (tag: string) => void }) {
  const { t } = useTranslation('rooms');
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string | null>(null);

  function add() {
    const tag = readTag(typed);
    if (tag === null) return setFault(t('sources.notLanguage'));
    if (known.includes(tag)) return setFault(t('sources.knownLanguage'));
    onAdd(tag);
    setTyped('');
  }

  return (
    <div className={classes.copy}>
      <TextInput
        label={t('sources.addLanguage')}
        description={t('sources.addLanguageHint')}
        value={typed}
        error={fault}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setFault(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          // The form around it is for all of them.
          event.preventDefault();
          add();
        }}
        autoCapitalize="none"
        spellCheck={false}
      />
      <Button variant="default" onClick={add} disabled={typed.trim() === ''}>
        {t('sources.addLanguageSubmit')}
      </Button>
    </div>
  );
}
