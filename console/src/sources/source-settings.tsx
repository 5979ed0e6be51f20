import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Source, SourceUpdate } from '../../../src/contract/source.ts';
import { updateSource } from '../api/admin-calls.ts';
import { tell } from '../shell/toasts.ts';
import { Card } from '../ui/page.tsx';
import { FaultLine } from './fault-line.tsx';
import { faultsOf } from './faults.ts';
import { LeaveGuard } from './leave-guard.tsx';
import { changesOf, draftOf, fieldsOf, type SourceDraft } from './source-draft.ts';
import { OfflineField, RuleNumbers, StrategyField, TelegramFields, WebhookFields } from './source-fields.tsx';
import classes from './sources.module.css';
import { TextFields } from './text-fields.tsx';
import { useFocusOnFault } from './use-focus-on-fault.ts';
import { keepSource } from './use-sources.ts';

/** What was typed over a source; while nothing is, it follows what others change. */
function useDraft(source: Source) {
  const [base, setBase] = useState(source);
  const [draft, setDraft] = useState(() => draftOf(source));
  const changes = changesOf(base, draft);
  const rebase = (next: Source) => {
    setBase(next);
    setDraft(draftOf(next));
  };
  if (changes === null && source.updated_at > base.updated_at) rebase(source);
  return { base, draft, changes, setDraft, rebase };
}

/** The form of a source; a change takes effect at once. */
export function SourceSettings({ source }: { source: Source }) {
  const { t } = useTranslation(['rooms', 'shell']);
  const { base, draft, changes, setDraft, rebase } = useDraft(source);
  const saving = useMutation({
    mutationFn: (body: SourceUpdate) => updateSource(source.id, body),
    onSuccess: (next) => {
      keepSource(next);
      rebase(next);
      tell(t('sources.saved'));
    },
  });
  const form = useFocusOnFault(saving.error);
  const faults = faultsOf(saving.error, fieldsOf[source.kind]);
  const change = (part: Partial<SourceDraft>) => setDraft((held) => ({ ...held, ...part }));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (changes !== null && !saving.isPending) saving.mutate(changes);
  }
  function reset() {
    saving.reset();
    rebase(base);
  }

  return (
    <Card label={t('sources.settings')}>
      <form ref={form} className={`${classes.card} ${classes.form}`} onSubmit={submit} noValidate>
        <h2 className={classes.heading}>{t('sources.settings')}</h2>
        <TextInput
          label={t('sources.name')}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={faults.name}
        />
        {source.kind === 'telegram' && (
          <TelegramFields
            draft={draft}
            faults={faults}
            onChange={change}
            tokenHint={source.telegram?.token_hint}
          />
        )}
        {source.kind === 'webhook' && <WebhookFields draft={draft} faults={faults} onChange={change} />}
        <StrategyField draft={draft} faults={faults} onChange={change} />
        <RuleNumbers draft={draft} faults={faults} onChange={change} />
        <OfflineField draft={draft} faults={faults} onChange={change} />
        <h3 className={classes.subheading}>{t('sources.greetings')}</h3>
        <TextFields about="greetings" draft={draft} faults={faults} onChange={change} />
        <h3 className={classes.subheading}>{t('sources.queueNotices')}</h3>
        <TextFields about="queueNotices" draft={draft} faults={faults} onChange={change} />
        <FaultLine text={faults.form} />
        <Group justify="flex-end">
          <Button variant="default" onClick={reset} disabled={changes === null || saving.isPending}>
            {t('shell:reset')}
          </Button>
          <Button type="submit" disabled={changes === null} loading={saving.isPending}>
            {t('shell:save')}
          </Button>
        </Group>
      </form>
      {changes !== null && <LeaveGuard title={t('sources.leave')} />}
    </Card>
  );
}
