import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languageName, readTag, tagsOf } from './greetings.ts';
import type { FieldProps } from './source-fields.tsx';
import classes from './sources.module.css';

/** Telegram's limit for one message, and the contract's. */
const LONGEST = 4096;

/** What a new customer is told first: by default, and in the customer's own language. */
export function GreetingFields({ draft, faults, onChange }: FieldProps) {
  const { t, i18n } = useTranslation('rooms');
  const setGreeting = (tag: string, text: string) =>
    onChange({ greetings: { ...draft.greetings, [tag]: text } });
  return (
    <div className={classes.greetings} role="group" aria-label={t('sources.greetings')}>
      <p className={classes.soft}>{t('sources.greetingsHint')}</p>
      <Textarea
        label={t('sources.greeting')}
        value={draft.greeting}
        onChange={(event) => onChange({ greeting: event.currentTarget.value })}
        error={faults.greeting}
        maxLength={LONGEST}
        rows={2}
      />
      {tagsOf(draft.greetings).map((tag) => (
        <Textarea
          key={tag}
          label={t('sources.greetingIn', { language: languageName(tag, i18n.language), tag })}
          value={draft.greetings[tag] ?? ''}
          onChange={(event) => setGreeting(tag, event.currentTarget.value)}
          maxLength={LONGEST}
          rows={2}
          lang={tag}
        />
      ))}
      <AddLanguage known={tagsOf(draft.greetings)} onAdd={(tag) => setGreeting(tag, '')} />
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
