import { Button, Group, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { SourceKind, type CreatedSource } from '../../../src/contract/source.ts';
import { createSource } from '../api/admin-calls.ts';
import { allSources, queryClient } from '../api/queries.ts';
import { FaultLine } from './fault-line.tsx';
import { faultsOf } from './faults.ts';
import { bodyOf, emptyDraft, fieldsOf, type SourceDraft } from './source-draft.ts';
import { SourceCreated } from './source-created.tsx';
import { TelegramFields, WebhookFields } from './source-fields.tsx';
import classes from './sources.module.css';
import { TextFields } from './text-fields.tsx';
import { useFocusOnFault } from './use-focus-on-fault.ts';

/** Asks for a new source and then shows what the gateway tells of it this once. */
export function AddSource({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation(['rooms', 'shell']);
  const [created, setCreated] = useState<CreatedSource | null>(null);
  // A secret that was not kept is lost: only its button leaves.
  const isSecret = created?.webhook !== undefined;
  const name = created?.name ?? '';
  const done = isSecret ? t('sources.secretTitle', { name }) : t('sources.created', { name });
  return (
    <Modal
      opened
      onClose={onLeave}
      title={created === null ? t('sources.add') : done}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={!isSecret}
      withCloseButton={!isSecret}
      closeButtonProps={{ 'aria-label': t('shell:closeWindow') }}
    >
      {created === null ? (
        <SourceForm onCreated={setCreated} onLeave={onLeave} />
      ) : (
        <SourceCreated source={created} onLeave={onLeave} />
      )}
    </Modal>
  );
}

function useCreation(onCreated: (source: CreatedSource) => void) {
  return useMutation({
    mutationFn: (draft: SourceDraft) => createSource(bodyOf(draft)),
    // The secret is for this window alone.
    gcTime: 0,
    onSuccess: (source) => {
      void queryClient.invalidateQueries({ queryKey: allSources.queryKey });
      onCreated(source);
    },
  });
}

type Props = { onCreated: (source: CreatedSource) => void; onLeave: () => void };

function SourceForm({ onCreated, onLeave }: Props) {
  const { t } = useTranslation(['rooms', 'shell', 'inbox']);
  const [draft, setDraft] = useState<SourceDraft>(emptyDraft);
  const creation = useCreation(onCreated);
  const form = useFocusOnFault(creation.error);
  const faults = faultsOf(creation.error, fieldsOf[draft.kind]);
  const change = (part: Partial<SourceDraft>) => setDraft((held) => ({ ...held, ...part }));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!creation.isPending) creation.mutate(draft);
  }

  return (
    <form ref={form} className={classes.form} onSubmit={submit} noValidate>
      <SegmentedControl<SourceKind>
        fullWidth
        aria-label={t('sources.kind')}
        value={draft.kind}
        onChange={(kind) => {
          creation.reset();
          change({ kind });
        }}
        data={SourceKind.options.map((kind) => ({ value: kind, label: t(`inbox:kinds.${kind}`) }))}
      />
      <TextInput
        label={t('sources.name')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={faults.name}
        required
        withAsterisk={false}
        data-autofocus
      />
      <TextInput
        label={t('sources.code')}
        description={t('sources.codeHint')}
        value={draft.code}
        onChange={(event) => change({ code: event.currentTarget.value })}
        error={faults.code}
        required
        withAsterisk={false}
        spellCheck={false}
        autoCapitalize="none"
      />
      {draft.kind === 'telegram' && <TelegramFields draft={draft} faults={faults} onChange={change} />}
      {draft.kind === 'webhook' && <WebhookFields draft={draft} faults={faults} onChange={change} />}
      {(['greetings', 'queueNotices'] as const).map((about) => (
        <details key={about}>
          <summary>{t(`sources.${about}`)}</summary>
          <TextFields about={about} draft={draft} faults={faults} onChange={change} />
        </details>
      ))}
      <FaultLine text={faults.form} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onLeave}>
          {t('shell:cancel')}
        </Button>
        <Button type="submit" loading={creation.isPending}>
          {t('sources.create')}
        </Button>
      </Group>
    </form>
  );
}
