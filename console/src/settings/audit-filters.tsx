import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from '../state/desk-store.ts';
import { auditPeriods, AuditSearch } from './audit-search.ts';
import { families, useAuditWords } from './audit-words.ts';
import classes from './settings.module.css';

/** What of the log is shown; it stands in the address. */
export function AuditFilters({ search }: { search: AuditSearch }) {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const operators = useDesk((desk) => desk.operators);
  const { action, thing } = useAuditWords();
  const change = (part: AuditSearch) =>
    void navigate({ to: '/settings/audit', search: { ...search, ...part }, replace: true });
  const actors = [
    ...[...operators.keys()].map((id) => `operator:${id}`),
    'command-line',
    'system',
    'anonymous',
    'token:environment',
  ];

  return (
    <div className={classes.filters} role="search" aria-label={t('audit.filters')}>
      <NativeSelect
        label={t('audit.period')}
        value={search.period ?? 'month'}
        onChange={(event) => change(AuditSearch.parse({ period: event.currentTarget.value }))}
        data={auditPeriods.map((value) => ({ value, label: t(`audit.periods.${value}`) }))}
      />
      <NativeSelect
        label={t('audit.who')}
        value={search.actor ?? ''}
        onChange={(event) => change({ actor: event.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('audit.anybody') },
          ...withOwn(actors, search.actor).map((value) => ({ value, label: thing(value) })),
        ]}
      />
      <NativeSelect
        label={t('audit.what')}
        value={search.action ?? ''}
        onChange={(event) => change({ action: event.currentTarget.value || undefined })}
        data={[
          { value: '', label: t('audit.anything') },
          ...families.map((value) => ({ value, label: t(`audit.families.${value}`) })),
          ...withOwn([], families.some((each) => each === search.action) ? undefined : search.action).map(
            (value) => ({ value, label: action(value) }),
          ),
        ]}
      />
      <SubjectField
        key={search.subject}
        subject={search.subject ?? ''}
        onSubject={(subject) => change({ subject })}
      />
      {Object.values(search).some((value) => value !== undefined) && (
        <Button
          variant="subtle"
          onClick={() => void navigate({ to: '/settings/audit', search: {}, replace: true })}
        >
          {t('audit.all')}
        </Button>
      )}
    </div>
  );
}

// What stands in the address is shown, whoever wrote it there.
function withOwn(known: readonly string[], own: string | undefined): readonly string[] {
  return own === undefined || known.includes(own) ? known : [...known, own];
}

type SubjectProps = { subject: string; onSubject: (subject: string | undefined) => void };

function SubjectField({ subject, onSubject }: SubjectProps) {
  const { t } = useTranslation('settings');
  const [typed, setTyped] = useState(subject);
  const give = () => {
    if (typed.trim() !== subject) onSubject(typed.trim() || undefined);
  };
  function submit(event: FormEvent) {
    event.preventDefault();
    give();
  }
  return (
    <form onSubmit={submit}>
      <TextInput
        label={t('audit.subject')}
        placeholder="operator:7"
        value={typed}
        maxLength={100}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={give}
      />
    </form>
  );
}
